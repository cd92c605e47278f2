/** Work that runs at most once at a time, shared by all who ask for it. */
export interface SingleFlight {
  /** The run under way, if there is one. */
  pending(): Promise<void> | undefined;
  /** Starts the work, or joins what is under way. */
  join(): Promise<void>;
  /** Gives the work up: its signal is aborted, and the next to ask starts anew. */
  cut(): void;
}

/** Creates a {@link SingleFlight}; an error that `work` resolves to is thrown at everybody who joined. */
export const createSingleFlight = (
  work: (signal: AbortSignal) => Promise<Error | undefined>,
  onChange: () => void,
): SingleFlight => {
  let flight: { controller: AbortController; done: Promise<void> } | undefined;
  const start = () => {
    const controller = new AbortController();
    const done = work(controller.signal).then((error) => {
      if (flight?.controller === controller) flight = undefined;
      onChange();
      if (error) throw error;
    });
    flight = { controller, done };
    onChange();
    return done;
  };
  return {
    pending: () => flight?.done,
    join: () => flight?.done ?? start(),
    cut: () => {
      flight?.controller.abort();
      flight = undefined;
    },
  };
};
