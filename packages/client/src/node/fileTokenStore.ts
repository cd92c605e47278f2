import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TokenStore } from '../tokenStore.js';
import { createFileLock } from './fileLock.js';

/**
 * Keeps the refresh token in a file that only its owner can read (mode 0600), replaced as a whole or not at all.
 * Processes of one machine can share it. Beside it are `<path>.lock` and, for moments, `<path>.next`.
 *
 * @param path where; missing folders are made, readable by the owner alone
 */
export const fileTokenStore = (path: string): TokenStore => {
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
};

const unlessMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};

/** Makes the new name last through a power cut; Windows can open no folder, and needs it not. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
