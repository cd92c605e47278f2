import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startApi } from './startApi.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** What a secret looks like wherever it is written. */
const SHAPES: Record<string, RegExp> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)*(?:[A-Za-z0-9+/=]{40,}(?:\s|\\n)*)+/,
  'a token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{60}/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b/,
  'an access key of AWS': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{20}/,
  'a key of Stripe': /\b[rs]k_live_[A-Za-z0-9]{20}/,
  // As it stands in examples, the password is "password".
  'a password in an address':
    /\b(?:mongodb(?:\+srv)?|smtps?):\/\/[^\s:/@'"`<>$]+:(?!password@)[^\s@'"`<>$]{6,}@(?!localhost|127\.)/,
  'a JSON web token': /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}/,
  'a hash of bcrypt': /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/,
};

interface Text {
  name: string;
  content: string;
}

function shapesIn(texts: readonly Text[]) {
  return texts.flatMap(({ name, content }) =>
    Object.entries(SHAPES)
      .filter(([, shape]) => shape.test(content))
      .map(([what]) => `${what} in ${name}`),
  );
}

function whereIs(secrets: Record<string, string>, texts: readonly Text[]) {
  return texts.flatMap(({ name, content }) =>
    Object.entries(secrets)
      .filter(([, secret]) => content.includes(secret))
      .map(([what]) => `${what} in ${name}`),
  );
}

async function read(names: readonly string[], dir: string): Promise<Text[]> {
  const present = names.filter((name) => existsSync(join(dir, name)));
  return Promise.all(
    present.map(async (name) => ({ name, content: await readFile(join(dir, name), 'latin1') })),
  );
}

function trackedFiles() {
  return read(
    execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean),
    ROOT,
  );
}

async function builtFiles(): Promise<Text[]> {
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return read(
    names.map((name) => name.slice(DIST.length)),
    DIST,
  );
}

test('K4: the shapes are found where they are', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'QUJD'.repeat(16)}\n-----END`;
  const token = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'A'.repeat(43)].join('.');
  const hash = `$2b$12$${'a'.repeat(53)}`;
  const uri = ['mongodb+srv://app:', 'correct-horse', '@db.example.com'].join('');
  const found = shapesIn([{ name: 'x', content: [key, token, hash, uri].join(' ') }]);
  expect(found).toEqual([
    'a private key in x',
    'a password in an address in x',
    'a JSON web token in x',
    'a hash of bcrypt in x',
  ]);
});

describe('K4: no secret', () => {
  test.runIf(existsSync(join(ROOT, '.git')))('is in the repository', async () => {
    const files = await trackedFiles();
    expect(files.length).toBeGreaterThan(100);
    expect(shapesIn(files)).toEqual([]);
    expect(
      files.map(({ name }) => name).filter((name) => /(^|\/)(\.env|secrets\.json|.*\.pem)$/.test(name)),
    ).toEqual([]);
  });

  test('is in the built demo or its source maps, and nothing of the server’s code', async () => {
    const files = await builtFiles();
    const maps = files.filter(({ name }) => name.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    expect(shapesIn(files)).toEqual([]);
    for (const { content } of files)
      expect(content).not.toMatch(
        /ACCESS_TOKEN_SECRET|REFRESH_TOKEN_SECRET|PASSWORD_PEPPER|node_modules\/bcrypt|jsonwebtoken/,
      );
    const sources = maps.flatMap(({ content }) => (JSON.parse(content) as { sources: string[] }).sources);
    // The contract and the rules for new passwords are the server's parts that are made for browsers.
    const forBrowsers =
      /packages\/server\/dist\/(contract\/\w+|password\/(commonPasswords|passwordPolicy|passwordStrength))\.js$/;
    expect(
      sources.filter((source) => /apps\/api\/|packages\/server\//.test(source) && !forBrowsers.test(source)),
    ).toEqual([]);
  });

  test('of a running app is in anything that it serves, or that is tracked', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-secrets-'));
    await using api = await startApi({ DATA_DIR: dataDir });
    const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(3);
    const built = await builtFiles();
    const served = await Promise.all(
      ['', 'metrics', 'healthz', 'readyz', '.well-known/jwks.json', 'secrets.json', '.data/secrets.json']
        .concat(built.map(({ name }) => name))
        .map(async (name) => ({ name, content: await (await fetch(`${api.url}/${name}`)).text() })),
    );
    const tracked = existsSync(join(ROOT, '.git')) ? await trackedFiles() : [];
    expect(whereIs(secrets, [...served, ...built, ...tracked])).toEqual([]);
    await rm(dataDir, { recursive: true, force: true });
  });
});
