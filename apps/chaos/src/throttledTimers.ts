import type { Timers } from '@latchkey/client';

/** How often a page in the background may run its timers, in milliseconds. */
const STEP_MS = 10_000;

/** The timers of a page in the background: as browsers do, they fire late, at the next full step. */
export const throttledTimers: Timers = {
  setTimeout: (callback, milliseconds) =>
    setTimeout(callback, Math.max(STEP_MS, Math.ceil(milliseconds / STEP_MS) * STEP_MS)),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};
