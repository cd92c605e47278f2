import { randomInt } from 'node:crypto';
import PQueue from 'p-queue';
import { AuthError } from '../errors/authError.js';

/** Whoever asked for a hash has gone before its turn came. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';
}

const RESOLUTION = 2 ** 32;

function randomShare() {
  return randomInt(RESOLUTION) / RESOLUTION;
}

/** A place in the queue, held until it is used or given up. */
export interface QueuePlace extends Disposable {
  /**
   * Runs the task when its turn comes. Disposing of the place before gives it up.
   *
   * @param signal aborts when the caller has gone: a task that has not begun then never does
   * @throws AuthError TOO_MANY_ATTEMPTS when it has waited for too long
   * @throws CallerGoneError
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** How full a queue is, and how often one found no place in it or waited for too long. */
export interface HashingQueueStatus {
  readonly running: number;
  /** Those that only keep a place too. */
  readonly waiting: number;
  readonly refused: number;
}

/** Bounds on what may run and wait. */
export interface HashingQueueOptions {
  /** How many run at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  /** How long one may wait, in milliseconds. */
  readonly maxWaitMs: number;
  /** From 0 up to 1; random unless given. */
  readonly random?: () => number;
}

/**
 * A bounded queue: so many run, so many wait, none for longer than `maxWaitMs`. The surplus, and who would have to
 * wait for longer, is refused at once, with the time after which the queue should have emptied.
 */
export function createHashingQueue(options: HashingQueueOptions): {
  reserve(): QueuePlace;
  status(): HashingQueueStatus;
} {
  const { concurrency, maxWaiting, maxWaitMs, random = randomShare } = options;
  const queue = new PQueue({ concurrency });
  let reserved = 0;
  let refused = 0;
  // Of cost 12, until the first task tells.
  let lastTaskMs = 250;

  /** How long who came now would wait, in milliseconds. */
  const expectedWait = () => (Math.max(0, taken() - concurrency) / concurrency) * lastTaskMs;
  const taken = () => queue.size + queue.pending + reserved;
  /** Seconds, spread so that those who were refused together do not come back together. */
  const retryAfter = () => Math.max(1, Math.ceil((expectedWait() / 1_000) * (1 + random())));
  const refusal = () => {
    refused += 1;
    return new AuthError('TOO_MANY_ATTEMPTS', { retryAfter: retryAfter() });
  };

  const timed = async <T>(task: () => Promise<T>) => {
    const startedAt = performance.now();
    try {
      return await task();
    } finally {
      lastTaskMs = performance.now() - startedAt;
    }
  };

  /** Only waiting is cut short: what has begun runs to its end, as nothing can stop a hash. */
  const enqueue = async <T>(task: () => Promise<T>, caller: AbortSignal | undefined) => {
    const giveUp = new AbortController();
    const onGone = () => giveUp.abort(new CallerGoneError('Nobody waits for this hash any more.'));
    const timer = setTimeout(() => giveUp.abort(refusal()), maxWaitMs);
    const stopWaiting = () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onGone);
    };
    if (caller?.aborted) onGone();
    caller?.addEventListener('abort', onGone);
    try {
      const begin = () => {
        stopWaiting();
        return timed(task);
      };
      return await queue.add(begin, { signal: giveUp.signal });
    } finally {
      stopWaiting();
    }
  };

  return {
    status: () => ({ running: queue.pending, waiting: queue.size + reserved, refused }),
    reserve() {
      if (taken() >= concurrency + maxWaiting || expectedWait() > maxWaitMs) throw refusal();
      reserved += 1;
      let held = true;
      const release = () => {
        if (held) reserved -= 1;
        held = false;
      };
      return {
        async run(task, signal) {
          release();
          return enqueue(task, signal);
        },
        [Symbol.dispose]: release,
      };
    },
  };
}
