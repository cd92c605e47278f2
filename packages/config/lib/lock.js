import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
/** No install or build takes this long. The owner of an older lock is gone, even if its process id is in use again. */
const ABANDONED_MS = 15 * 60_000;
/** Breaking a lock takes milliseconds. A process that has not finished by now was killed. */
const BREAKING_MS = 10_000;

/**
 * Runs `work` while no other process runs work under the same lock.
 *
 * The lock is a directory, because creating one is atomic everywhere. It holds the owner's process id. The
 * lock of a dead process is removed.
 *
 * @template T
 * @param {string} path the lock's directory
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  await acquire(path);
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function acquire(path) {
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryCreate(path))) {
    if (await isAbandoned(path)) await breakLock(path);
    else await sleep(POLL_MS);
  }
  await writeFile(join(path, 'owner'), String(process.pid));
}

// Two waiters may both find the owner dead. If each removed the lock, the slower one would remove the lock that
// the faster one has just taken. So breaking has a lock too, and the check is repeated under it.
async function breakLock(path) {
  const breaking = `${path}.breaking`;
  if (!(await tryCreate(breaking))) {
    if ((await ageMs(breaking)) > BREAKING_MS) await rm(breaking, { recursive: true, force: true });
    else await sleep(POLL_MS);
    return;
  }
  try {
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true });
  } finally {
    await rm(breaking, { recursive: true, force: true });
  }
}

async function tryCreate(path) {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path) {
  const age = await ageMs(path);
  const owner = Number(await readFile(join(path, 'owner'), 'utf8').catch(() => ''));
  // The owner writes its id right after creating the directory.
  if (!owner) return age > BREAKING_MS;
  return age > ABANDONED_MS || !isAlive(owner);
}

async function ageMs(path) {
  const stats = await stat(path).catch(() => undefined);
  return stats ? Date.now() - stats.mtimeMs : 0;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
