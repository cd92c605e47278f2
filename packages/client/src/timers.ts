/** The two timer functions that a session uses. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Resolves after some milliseconds, or when the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Browsers fire timers beyond 2^31 ms at once. */
const MAX_DELAY_MS = 1e9;

/**
 * Bounds every delay. A moment that has passed is due now (Node warns about a negative delay), and a distant one comes
 * in steps: code that waits for a moment checks the clock when its timer fires.
 */
export function boundTimers(timers: Timers): Timers {
  return {
    setTimeout: (callback, milliseconds) =>
      timers.setTimeout(callback, Math.min(Math.max(milliseconds, 0) || 0, MAX_DELAY_MS)),
    clearTimeout: (timer) => timers.clearTimeout(timer),
  };
}

export function createPause(timers: Timers): Pause {
  return (milliseconds, signal) =>
    new Promise((resolve) => {
      timers.setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => resolve());
    });
}
