/** The two timer functions that the session uses. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Browsers fire timers beyond 2^31 ms at once. */
const MAX_DELAY_MS = 1e9;

/**
 * Bounds every delay: a moment that has passed is due now (Node warns about a negative delay), and a distant one comes
 * in steps. Whoever waits for a moment checks the clock when the timer fires.
 */
export function boundTimers(timers: Timers): Timers {
  return {
    setTimeout: (callback, milliseconds) =>
      timers.setTimeout(callback, Math.min(Math.max(milliseconds, 0) || 0, MAX_DELAY_MS)),
    clearTimeout: (timer) => timers.clearTimeout(timer),
  };
}
