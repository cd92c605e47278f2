import type { Locks } from './sessionTypes.js';

/** Runs `work` while other tabs hold back, where that is easy. */
export type TabLock = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * Lets one tab refresh at a time. Nothing relies on it: a tab that finds the lock taken waits a moment for the other
 * tab's news, which abort `signal`, then goes on, since the holder may be frozen.
 *
 * @param hold waits that moment
 */
export const createTabLock =
  (locks: Locks | false | undefined, name: string, hold: (signal: AbortSignal) => Promise<void>): TabLock =>
  async (work, signal) => {
    if (!locks) return work();
    let running: ReturnType<typeof work> | undefined;
    try {
      await locks.request(name, { ifAvailable: true }, async (lock) => {
        if (!lock) await hold(signal);
        running = work();
        await running;
      });
    } catch {
      // Locks are denied here, as in a sandboxed frame; a failure of the work itself is handed on below.
    }
    return running ?? work();
  };
