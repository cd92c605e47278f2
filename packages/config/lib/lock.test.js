import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const lockModule = new URL('./lock.js', import.meta.url).href;
let dir;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'latchkey-lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A process that takes the lock five times and, while holding it, adds one to a file in two steps. */
const COUNTING = `
  const { readFile, writeFile } = await import('node:fs/promises');
  const { withLock } = await import(process.argv[1]);
  for (let i = 0; i < 5; i++) await withLock(process.argv[2] + '/lock', async () => {
    const count = Number(await readFile(process.argv[2] + '/count', 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await writeFile(process.argv[2] + '/count', String(count + 1));
  });
`;

function countInProcess() {
  return run(process.execPath, ['--input-type=module', '-e', COUNTING, lockModule, dir]);
}

test('lets one process at a time work', async () => {
  await writeFile(join(dir, 'count'), '0');
  await Promise.all([countInProcess(), countInProcess(), countInProcess()]);
  expect(await readFile(join(dir, 'count'), 'utf8')).toBe('15');
});

test('breaks the lock of a process that was killed, for one waiter only', async () => {
  const { stdout: deadPid } = await run(process.execPath, ['-p', 'process.pid']);
  await mkdir(join(dir, 'lock'));
  await writeFile(join(dir, 'lock', 'owner'), deadPid.trim());
  await writeFile(join(dir, 'count'), '0');
  await Promise.all([countInProcess(), countInProcess(), countInProcess()]);
  expect(await readFile(join(dir, 'count'), 'utf8')).toBe('15');
});
