import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEntryPoints } from './entryPoints.js';

let dir;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'latchkey-style-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function messages(files) {
  await mkdir(join(dir, 'src'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, 'src', name), text);
  const manifest = { exports: { '.': { '@latchkey/source': './src/index.ts', default: './dist/index.js' } } };
  return checkEntryPoints({ dir, manifest }).map(({ message }) => message);
}

test('names every export without JSDoc, wherever it is declared', async () => {
  const found = await messages({
    'index.ts': `
      /** One. @example one() */
      export function one() {}
      export const two = 2;
      export { three, type Four as Five } from './more.js';
      import { six } from './more.js';
      export { six };`,
    'more.ts': `
      /** Three. */
      export const three = 3;
      export interface Four {}
      export { six } from './six.js';`,
    'six.ts': 'export function six() {}',
  });
  expect(found).toEqual([
    'two is exported by . and has no JSDoc',
    'Five is exported by . and has no JSDoc',
    'six is exported by . and has no JSDoc',
  ]);
});

test('leaves out what comes from another package', async () => {
  const found = await messages({
    'index.ts': `
      export { z } from 'zod';
      /**
       * One.
       * @example one()
       */
      export function one() {}`,
  });
  expect(found).toEqual([]);
});

test('wants an example of at least one export', async () => {
  expect(await messages({ 'index.ts': '/** One. */\nexport function one() {}' })).toEqual([
    'no export of . has an @example',
  ]);
});
