import { randomInt } from 'node:crypto';
import PQueue from 'p-queue';
import { AuthError } from '../errors/authError.js';

/** The caller has disconnected before the hash was started. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';
}

/** A place in the queue; dispose of it to give it up. */
export interface QueuePlace extends Disposable {
  /**
   * Runs the task when its turn comes.
   *
   * @param signal aborts when the caller has disconnected: a task that has not started then never starts
   * @throws AuthError TOO_MANY_ATTEMPTS when the task has waited for too long
   * @throws CallerGoneError
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** How full a queue is. */
export interface HashingQueueStatus {
  readonly running: number;
  /** Waiting tasks and reserved places. */
  readonly waiting: number;
  /** How many were refused since the start, at once or after they had waited for too long. */
  readonly refused: number;
}

/** Bounds on what may run and wait. */
export interface HashingQueueOptions {
  /** How many tasks run at once. */
  readonly concurrency: number;
  /** How many tasks may wait. */
  readonly maxWaiting: number;
  /** How long a task may wait, in milliseconds. */
  readonly maxWaitMs: number;
  /**
   * A number from 0 up to 1.
   *
   * @default a random one
   */
  readonly random?: () => number;
}

/** The time of one task until the first has run: bcrypt at cost 12. */
const EXPECTED_TASK_MS = 250;
const RESOLUTION = 2 ** 32;

/**
 * A bounded queue. A task that finds no room, or would wait for too long, is refused at once, with the time after
 * which the queue should be empty.
 */
export function createHashingQueue(options: HashingQueueOptions) {
  const { concurrency, maxWaiting, maxWaitMs, random = randomShare } = options;
  const queue = new PQueue({ concurrency });
  let reserved = 0;
  let refused = 0;
  let lastTaskMs = EXPECTED_TASK_MS;

  const taken = () => queue.size + queue.pending + reserved;
  const expectedWaitMs = () => (Math.max(0, taken() - concurrency) / concurrency) * lastTaskMs;

  function refusal(): AuthError {
    refused += 1;
    // Spread, so that callers who were refused together do not come back together.
    const retryAfter = Math.max(1, Math.ceil((expectedWaitMs() / 1_000) * (1 + random())));
    return new AuthError('TOO_MANY_ATTEMPTS', { retryAfter });
  }

  async function timed<T>(task: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await task();
    } finally {
      lastTaskMs = performance.now() - startedAt;
    }
  }

  /** Only waiting can end early: nothing can stop a hash once it has started. */
  async function enqueue<T>(task: () => Promise<T>, caller: AbortSignal | undefined): Promise<T> {
    const giveUp = new AbortController();
    const onGone = () => giveUp.abort(new CallerGoneError('The caller has disconnected.'));
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
  }

  return {
    status: (): HashingQueueStatus => ({
      running: queue.pending,
      waiting: queue.size + reserved,
      refused,
    }),

    /**
     * Reserves a place for one task.
     *
     * @throws AuthError TOO_MANY_ATTEMPTS when there is no room
     */
    reserve(): QueuePlace {
      if (taken() >= concurrency + maxWaiting || expectedWaitMs() > maxWaitMs) throw refusal();
      reserved += 1;
      let isReserved = true;
      const release = (): void => {
        if (isReserved) reserved -= 1;
        isReserved = false;
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

function randomShare(): number {
  return randomInt(RESOLUTION) / RESOLUTION;
}
