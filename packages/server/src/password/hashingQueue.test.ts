import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthError } from '../errors/authError.js';
import { CallerGoneError, createHashingQueue } from './hashingQueue.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A task that ends when the test says so. */
function heldTask() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const task = vi.fn(() => ended);
  return { task, end };
}

function failure(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the hashing queue', () => {
  it('counts a reserved place, and frees it when it is given up', () => {
    const queue = createHashingQueue({ concurrency: 1, maxWaiting: 1, maxWaitMs: 1_000 });
    const first = queue.reserve();
    queue.reserve();
    expect(() => queue.reserve()).toThrow(AuthError);
    expect(queue.status()).toEqual({ running: 0, waiting: 2, refused: 1 });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(queue.status()).toEqual({ running: 0, waiting: 1, refused: 1 });
    queue.reserve();
    expect(() => queue.reserve()).toThrow(
      expect.objectContaining({ reason: 'TOO_MANY_ATTEMPTS', retryAfter: 1 }),
    );
  });

  it('refuses a task that waits for too long, and completes one that has started', async () => {
    const queue = createHashingQueue({ concurrency: 1, maxWaiting: 5, maxWaitMs: 1_000 });
    const [running, waiting] = [heldTask(), heldTask()];
    const begun = queue.reserve().run(running.task);
    const late = failure(queue.reserve().run(waiting.task));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    running.end();
    await begun;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(waiting.task).not.toHaveBeenCalled();
  });

  it('does nothing for a caller who has left before the task starts', async () => {
    const queue = createHashingQueue({ concurrency: 1, maxWaiting: 5, maxWaitMs: 1_000 });
    const [running, waiting, next] = [heldTask(), heldTask(), heldTask()];
    const caller = new AbortController();
    const begun = queue.reserve().run(running.task);
    const left = failure(queue.reserve().run(waiting.task, caller.signal));
    const after = queue.reserve().run(next.task);
    caller.abort();
    expect(await left).toBeInstanceOf(CallerGoneError);
    running.end();
    next.end();
    await Promise.all([begun, after]);
    expect(waiting.task).not.toHaveBeenCalled();
    expect(await failure(queue.reserve().run(waiting.task, AbortSignal.abort()))).toBeInstanceOf(
      CallerGoneError,
    );
    expect(waiting.task).not.toHaveBeenCalled();
  });

  it('refuses at once when the wait would be too long, and says how long it would be', async () => {
    const queue = createHashingQueue({ concurrency: 1, maxWaiting: 50, maxWaitMs: 4_500, random: () => 0.5 });
    const first = heldTask();
    const begun = queue.reserve().run(first.task);
    await vi.advanceTimersByTimeAsync(2_000);
    first.end();
    await begun;
    for (let place = 0; place < 4; place++) queue.reserve();
    expect(() => queue.reserve()).toThrow(expect.objectContaining({ retryAfter: 9 }));
  });
});
