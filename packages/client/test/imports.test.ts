import { importsAgainst, readImports } from '@latchkey/config/imports';
import { expect, test } from 'vitest';

/** The rooms of the client, from the top to the bottom: each imports only what stands after it. */
const ROOMS = [
  'index.ts',
  'createSession.ts',
  'changePassword.ts',
  'testing',
  'tokenStore',
  'links',
  'session',
  'tabs',
  'transport',
  'timers.ts',
];

const read = readImports(new URL('../src', import.meta.url));

test('imports go down the list of rooms only', () => {
  expect(importsAgainst(read, ROOMS)).toEqual([]);
  expect(read.imports.length).toBeGreaterThan(40);
});

test('no files import each other in a circle', () => {
  expect(read.fileCycles).toEqual([]);
  expect(read.roomCycles).toEqual([]);
});
