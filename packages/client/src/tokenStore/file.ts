import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFileLock } from './fileLock.js';
import type { TokenStore } from './types.js';

/**
 * Creates a store that keeps the refresh token in a file that only its owner can read (mode 0600), replaced as a whole
 * or not at all. Processes of one machine can share it. Beside it are `<path>.lock` and, for moments, `<path>.next`.
 *
 * @param path of the file; missing folders are created, readable by the owner alone
 *
 * @example
 * const session = createSession(withTokenStore({ url }, fileTokenStore('/home/ada/.config/app/session')));
 */
export function fileTokenStore(path: string): TokenStore {
  const folder = dirname(path);
  const makeFolder = () => mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = createFileLock(`${path}.lock`);
  return {
    get: () => readFile(path, 'utf8').catch(unlessMissing),
    set: async (text) => {
      if (text === undefined) return rm(path, { force: true });
      const next = `${path}.next`;
      await rm(next, { force: true });
      const file = await open(next, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, path);
      await syncFolder(folder);
    },
    exclusively: async (work) => {
      await makeFolder();
      await lock(work);
    },
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Makes the rename survive a power cut. Windows cannot open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
