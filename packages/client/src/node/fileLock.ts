import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `work` while no other process of this machine, and nobody else in this one, holds the lock. */
export type FileLock = (work: () => Promise<void>) => Promise<void>;

const RETRY_MS = 5;
/** Nobody holds the lock for longer than it takes to write a line. */
const ABANDONED_MS = 10_000;

/**
 * Creates a lock whose sign is a file, which names its holder. A holder that was killed is noticed at once, by its
 * process being gone; one that cannot be told so, after ten seconds.
 */
export const createFileLock =
  (path: string): FileLock =>
  async (work) => {
    const holder = `${process.pid} ${randomUUID()}`;
    while (!(await take(path, holder))) {
      if (await isAbandoned(path)) await discard(path, holder);
      else await sleep(RETRY_MS);
    }
    try {
      await work();
    } finally {
      await rm(path, { force: true });
    }
  };

/** Makes the file, with its content, unless there is one. */
const take = async (path: string, holder: string): Promise<boolean> => {
  const own = `${path}.${holder.split(' ')[1]}`;
  await writeFile(own, holder, { mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(own);
  }
};

const isAbandoned = async (path: string): Promise<boolean> => {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return !isAlive(Number.parseInt(holder, 10)) || Date.now() - mtimeMs > ABANDONED_MS;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
};

/** Of those who find a lock abandoned, one gets the file to throw away. */
const discard = async (path: string, holder: string): Promise<void> => {
  const away = `${path}.${holder.split(' ')[1]}`;
  try {
    await rename(path, away);
    // Somebody else may have been faster, and this be the lock of a living holder: it is put back.
    if (!(await isAbandoned(away))) await link(away, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(away, { force: true });
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
