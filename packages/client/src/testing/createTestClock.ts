import type { Timers } from '../timers.js';

/** A monotonic clock that a test turns, and the timers that follow it. */
export interface TestClock {
  /** Milliseconds since the clock was created. */
  now(): number;
  readonly timers: Timers;
  /** Turns the clock, and fires the timers that become due. */
  advance(milliseconds: number): void;
  /** How many timers are waiting. */
  pending(): number;
}

/**
 * Creates a clock that stands still until it is turned.
 *
 * @example
 * const clock = createTestClock();
 * const session = createSession({ url, clock: clock.now, timers: clock.timers });
 * clock.advance(15 * 60_000); // the access token has ended
 */
export function createTestClock(): TestClock {
  let now = 0;
  let lastId = 0;
  const waiting = new Map<number, { at: number; callback: () => void }>();
  const nextDue = (until: number) =>
    [...waiting].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
  return {
    now: () => now,
    timers: {
      setTimeout: (callback, milliseconds) => {
        waiting.set(++lastId, { at: now + milliseconds, callback });
        return lastId;
      },
      clearTimeout: (timer) => {
        waiting.delete(Number(timer));
      },
    },
    advance: (milliseconds) => {
      const until = now + milliseconds;
      for (let due = nextDue(until); due; due = nextDue(until)) {
        const [id, { at, callback }] = due;
        waiting.delete(id);
        now = at;
        callback();
      }
      now = until;
    },
    pending: () => waiting.size,
  };
}
