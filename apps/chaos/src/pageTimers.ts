import type { Timers } from '@latchkey/client';

/** How often a page in the background may run its timers, in milliseconds. */
const STEP_MS = 10_000;

/** A page's timers: while nobody looks at it they fire late, at the next full step, as browsers do. */
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
