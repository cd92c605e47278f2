import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseEnv } from './parseEnv.js';
import { ensureSecrets } from './secrets.js';

let parent: string;
let dataDir: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'latchkey-secrets-'));
  dataDir = join(parent, 'data');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

function ensure(source: Record<string, string> = {}) {
  return ensureSecrets(parseEnv({ DATA_DIR: dataDir, ...source }));
}

test('generates three different secrets once and keeps them', async () => {
  const first = await ensure();
  const all = [...first.accessTokenKeys, ...first.refreshTokenKeys, first.passwordPepper];
  expect(new Set(all).size).toBe(3);
  for (const secret of all) expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
  expect(await ensure()).toEqual(first);
});

test.skipIf(process.platform === 'win32')('makes the file readable for its owner only', async () => {
  await ensure();
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('gives several processes that start together the same secrets', async () => {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    const { parseEnv } = await import(${module('./parseEnv.ts')});
    const { ensureSecrets } = await import(${module('./secrets.ts')});
    console.log(JSON.stringify(await ensureSecrets(parseEnv(process.env))));
  `;
  const start = () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, NODE_ENV: 'development', DATA_DIR: dataDir },
    });
  const outputs = await Promise.all([start(), start(), start(), start()]);
  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
});

test('gives many callers that start together the same secrets', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => ensure()));
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
});

test('generates only the secrets that the environment lacks', async () => {
  const key = 'W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg4aTzEoXi9C';
  const secrets = await ensure({ ACCESS_TOKEN_SECRET: key });
  expect(secrets.accessTokenKeys).toEqual([key]);
  expect(secrets.refreshTokenKeys).toHaveLength(1);
});

test('writes nothing if the environment has all secrets', async () => {
  const key = 'W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg4aTzEoXi9C';
  await ensure({ ACCESS_TOKEN_SECRET: key, REFRESH_TOKEN_SECRET: `${key}2`, PASSWORD_PEPPER: `${key}3` });
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
});

test('refuses a damaged file instead of replacing it, and does not quote it', async () => {
  await ensure();
  const path = join(dataDir, 'secrets.json');
  const damaged = (await readFile(path, 'utf8')).slice(0, 60);
  await writeFile(path, damaged);
  await expect(ensure()).rejects.toThrow(/^\S+secrets\.json is damaged\.[^{}"]+$/);
  expect(await readFile(path, 'utf8')).toBe(damaged);
});
