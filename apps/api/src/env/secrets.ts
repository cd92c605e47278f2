import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Env } from './parseEnv.js';

const schema = z.strictObject({
  accessToken: z.string().min(32),
  refreshToken: z.string().min(32),
  passwordPepper: z.string().min(32),
});

/** Of each ring the first key signs and all verify. */
export interface Secrets {
  accessTokenKeys: string[];
  refreshTokenKeys: string[];
  passwordPepper: string;
}

/**
 * Reads the secrets from the environment, and the missing ones from `DATA_DIR/secrets.json`, which is
 * generated the first time. In production none is missing: `parseEnv` checks that.
 */
export async function ensureSecrets(env: Env): Promise<Secrets> {
  const { accessTokenKeys, refreshTokenKeys, passwordPepper } = env;
  if (accessTokenKeys && refreshTokenKeys && passwordPepper) {
    return { accessTokenKeys, refreshTokenKeys, passwordPepper };
  }
  const generated = await readOrCreate(env.dataDir);
  return {
    accessTokenKeys: accessTokenKeys ?? [generated.accessToken],
    refreshTokenKeys: refreshTokenKeys ?? [generated.refreshToken],
    passwordPepper: passwordPepper ?? generated.passwordPepper,
  };
}

async function readOrCreate(dir: string) {
  const path = join(dir, 'secrets.json');
  return (await read(path)) ?? (await create({ dir, path }));
}

async function read(path: string) {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // The parser's message would quote the file.
    throw new Error(
      `${path} is damaged. Restore it from a backup, or delete it: sessions and passwords are then lost.`,
    );
  }
}

// A hard link appears with the whole content, and only if there is no file yet. So of several processes that
// start together, one creates the secrets and the others read them.
async function create({ dir, path }: { dir: string; path: string }) {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const secrets = { accessToken: random(), refreshToken: random(), passwordPepper: random() };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return secrets;
  } catch (error) {
    const existing = isCode(error, 'EEXIST') ? await read(path) : undefined;
    if (existing) return existing;
    throw error;
  } finally {
    await rm(draft);
  }
}

function random() {
  return randomBytes(48).toString('base64url');
}

function isCode(error: unknown, code: string) {
  return error instanceof Error && 'code' in error && error.code === code;
}
