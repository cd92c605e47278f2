import type { Timers } from './timers.js';

/** Resolves after some milliseconds, or when the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Creates a {@link Pause} on the given timers. */
export const createPause =
  (timers: Timers): Pause =>
  (milliseconds, signal) =>
    new Promise((resolve) => {
      timers.setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => resolve());
    });
