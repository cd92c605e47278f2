import type { Timers } from '@latchkey/client';

/** The interval at which a background page runs its timers, in milliseconds. */
const STEP_MS = 10_000;

/** The timers of a page. In the background they fire late, at the next full step, as in a browser. */
export function timersOf(isInView: () => boolean): Timers {
  return {
    setTimeout: (callback, milliseconds) =>
      setTimeout(
        callback,
        isInView() ? milliseconds : Math.max(STEP_MS, Math.ceil(milliseconds / STEP_MS) * STEP_MS),
      ),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  };
}
