import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import { describe, expect, it, vi } from 'vitest';
import { createHashingThreads } from './hashingThreads.js';

function job(cost: number) {
  return { kind: 'hash', secret: 'keyed digest', cost } as const;
}

/**
 * Keeps every thread of libuv's pool busy until it is disposed of: each waits to open a pipe that nobody writes to.
 */
async function fillPool() {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-pool-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const size = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
  const readers = Array.from({ length: size }, () => open(pipe, 'r'));
  return {
    async [Symbol.asyncDispose]() {
      const writer = openSync(pipe, 'w');
      for (const reader of await Promise.all(readers)) await reader.close();
      closeSync(writer);
      await rm(folder, { recursive: true });
    },
  };
}

describe('hashing threads', () => {
  it.skipIf(process.platform === 'win32')("compute while libuv's pool is full", async () => {
    const threads = createHashingThreads(1);
    await threads.run(job(4));
    await using _ = await fillPool();
    expect(await threads.run(job(4))).toMatch(/^\$2b\$04\$/);
  });

  it('leave every hash to the threads: this one computes none', async () => {
    const names = ['hash', 'compare', 'hashSync', 'compareSync'] as const;
    const here = names.map((name) => vi.spyOn(bcrypt, name));
    const threads = createHashingThreads(1);
    const hash = String(await threads.run(job(4)));
    expect(await threads.run({ kind: 'verify', secret: 'keyed digest', hash, cost: 4 })).toBe(true);
    for (const computed of here) expect(computed).not.toHaveBeenCalled();
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
