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
  let controller = new AbortController();
  let flight: Promise<void> | undefined;
  return {
    pending: () => flight,
    join: () => {
      if (flight) return flight;
      const { signal } = controller;
      const run = work(signal).then((error) => {
        if (!signal.aborted) flight = undefined;
        onChange();
        if (error) throw error;
      });
      flight = run;
      onChange();
      return run;
    },
    cut: () => {
      controller.abort();
      controller = new AbortController();
      flight = undefined;
    },
  };
};
