/** The part of the Web Locks API that a session uses. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable: true },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/** Runs `work` while other tabs wait, where the browser has locks. */
export type TabLock = (work: () => Promise<void>, signal: AbortSignal) => Promise<void>;

/**
 * Lets one tab refresh at a time. Nothing relies on it: a tab that finds the lock taken waits a moment for the other
 * tab's news, which abort `signal`, then goes on, since the other tab may be frozen.
 *
 * @param wait waits that moment
 */
export function createTabLock(
  locks: Locks | false | undefined,
  name: string,
  wait: (signal: AbortSignal) => Promise<void>,
): TabLock {
  return async (work, signal) => {
    if (!locks) return work();
    let running: Promise<void> | undefined;
    try {
      await locks.request(name, { ifAvailable: true }, async (lock) => {
        if (!lock) await wait(signal);
        running = work();
        await running;
      });
    } catch {
      // A sandboxed frame has no locks. A failure of the work itself is thrown below.
    }
    return running ?? work();
  };
}
