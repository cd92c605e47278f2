import type { Pause } from '../timers.js';
import { type AuthError, toAuthError } from '../transport/authError.js';
import { isStale, signedOut } from '../transport/reasons.js';
import type { Credentials } from '../transport/wire.js';
import type { Queue } from './queue.js';

const MAX_TRIES = 4;
const STALE_DELAY_MS = 500;

export interface RefresherOptions {
  /** Asks the server for new credentials. */
  readonly request: (signal: AbortSignal) => Promise<Credentials>;
  /** Where the calls of the session wait for each other. */
  readonly queue: Queue;
  /** Runs the whole refresh while other tabs wait. */
  readonly lock: (work: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  readonly pause: Pause;
  readonly random: () => number;
  readonly onStart: () => void;
  readonly onSuccess: (credentials: Credentials) => void;
  /** Throws if the calls that wait cannot go out. */
  readonly onFailure: (error: AuthError) => void;
  readonly isUsable: () => boolean;
}

/** Refreshes at most once at a time; all who ask share the one refresh. */
export function createRefresher(options: RefresherOptions) {
  const { request, queue, lock, pause, random } = options;
  let flight: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  /** Takes the answer within its turn, so that the next call in the queue goes out with the new token. */
  const attempt = (signal: AbortSignal) =>
    queue(async () => {
      if (signal.aborted) return undefined;
      const credentials = await request(signal);
      if (signal.aborted) return undefined;
      flight = undefined;
      options.onSuccess(credentials);
      return undefined;
    });

  /** Resolves to the error that remains. */
  const attemptUntilFinal = async (signal: AbortSignal, tries = 1): Promise<AuthError | undefined> => {
    const error = await attempt(signal).catch(toAuthError);
    if (!error || !isStale(error) || tries === MAX_TRIES) return error;
    await pause(random() * STALE_DELAY_MS * tries, signal);
    return attemptUntilFinal(signal, tries + 1);
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const error = await attemptUntilFinal(signal);
    if (error && !signal.aborted) {
      flight = undefined;
      return options.onFailure(error);
    }
    // Given up for a sign-out, or for newer credentials from elsewhere.
    if (!options.isUsable()) throw signedOut();
  };

  return {
    /** Starts a refresh, or joins the one under way. @throws {AuthError} */
    join: (): Promise<void> => {
      if (flight) return flight.done;
      const controller = new AbortController();
      const { signal } = controller;
      const done = lock(() => run(signal), signal);
      flight = { controller, done };
      options.onStart();
      return done;
    },
    /** Gives up the refresh under way, if there is one; the next to ask starts another. */
    cut: () => {
      flight?.controller.abort();
      flight = undefined;
    },
  };
}
