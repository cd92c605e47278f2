import { pbkdf2 } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import bcrypt from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { createHashingThreads } from './hashingThreads.js';

function job(cost: number) {
  return { kind: 'hash', secret: 'keyed digest', cost } as const;
}

/** How long a task of libuv's pool takes, in milliseconds. */
async function poolTask() {
  const startedAt = performance.now();
  await promisify(pbkdf2)('x', 'y', 1, 32, 'sha256');
  return performance.now() - startedAt;
}

describe('hashing threads', () => {
  it("E38: neither fill libuv's pool nor hold up the event loop", async () => {
    const threads = createHashingThreads(1);
    await threads.run(job(4));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    let running = true;
    const hashes = Promise.all(Array.from({ length: 8 }, () => threads.run(job(10)))).finally(() => {
      running = false;
    });
    const startedAt = performance.now();
    const waits: number[] = [];
    while (running) waits.push(await poolTask());
    const tookMs = performance.now() - startedAt;
    delay.disable();
    await hashes;
    // Behind the hashes in the pool, a single task would have waited for most of that time.
    const longest = waits.reduce((most, wait) => Math.max(most, wait), 0);
    expect(longest).toBeLessThan(tookMs / 2);
    expect(delay.max / 1e6).toBeLessThan(tookMs / 2);
    expect(waits.length).toBeGreaterThan(20);
  });

  it('run as many jobs at once as there are threads, and all of them in the end', async () => {
    const threads = createHashingThreads(2);
    const hashes = await Promise.all(Array.from({ length: 12 }, () => threads.run(job(4))));
    expect(new Set(hashes).size).toBe(12);
    expect(bcrypt.compareSync('keyed digest', String(hashes[11]))).toBe(true);
  });

  it('fail the one job that a thread cannot do, and do the next', async () => {
    const threads = createHashingThreads(1);
    const broken = { kind: 'verify', secret: 'x', hash: 'no hash at all', cost: 4 } as const;
    const [bad, good] = await Promise.allSettled([threads.run(broken), threads.run(job(4))]);
    expect(bad.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
  });
});
