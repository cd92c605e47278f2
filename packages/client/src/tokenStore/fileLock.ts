import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `work` while no other process of this machine, and no other caller in this one, holds the lock. */
export type FileLock = (work: () => Promise<void>) => Promise<void>;

const RETRY_MS = 5;
/** Holding the lock takes no longer than writing one line. */
const ABANDONED_MS = 10_000;

/**
 * Creates a lock whose sign is a file that names its holder. It is abandoned at once when the holder's process is gone,
 * and after ten seconds when that is not known.
 */
export function createFileLock(path: string): FileLock {
  return async (work) => {
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
}

/** Makes the file, with its content, if there is none. */
async function take(path: string, holder: string): Promise<boolean> {
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
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return !isAlive(Number.parseInt(holder, 10)) || Date.now() - mtimeMs > ABANDONED_MS;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Throws an abandoned lock away. Of several processes that try, the rename lets one succeed. */
async function discard(path: string, holder: string): Promise<void> {
  const away = `${path}.${holder.split(' ')[1]}`;
  try {
    await rename(path, away);
    // Another process may have been faster: a lock whose holder is alive is put back.
    if (!(await isAbandoned(away))) await link(away, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(away, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
