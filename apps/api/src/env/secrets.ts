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

/** The secrets an app signs and hashes with; of each ring the first key signs and all verify. */
export interface Secrets {
  accessTokenKeys: string[];
  refreshTokenKeys: string[];
  passwordPepper: string;
}

/**
 * The secrets from the environment, and for those it lacks the ones in `DATA_DIR/secrets.json`, generated
 * the first time. `parseEnv` has made sure that production never lacks any.
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
    // Not the parser's own message: it quotes what it read.
    throw new Error(`${path} is damaged; without it sessions and passwords made with it are lost`);
  }
}

// A hard link appears with the file's whole content and only if there is none yet, so that of several
// processes starting together one makes the secrets and the others read those.
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
