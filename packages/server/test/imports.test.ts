import { importsAgainst, readImports } from '@latchkey/config/imports';
import { expect, it } from 'vitest';

/** The rooms of `src`, the highest first. A room imports itself and the rooms after it. */
const LAYERS = [
  'plainHttp',
  'index.ts',
  'createAuth.ts',
  'createServices.ts',
  'options',
  'adapters',
  'procedures',
  'http',
  'admin',
  'account',
  'signIn',
  'user',
  'password',
  'accessToken',
  'session',
  'mail',
  'limits',
  'activity',
  'events',
  'database',
  'contract',
  'errors',
  'clock.ts',
  'clientInfo.ts',
  'base64url.ts',
];

const source = readImports(new URL('../src', import.meta.url));

it('imports only downward', () => {
  expect(source.between.length).toBeGreaterThan(LAYERS.length);
  expect(importsAgainst(source, LAYERS)).toEqual([]);
});

it('has no circles, neither between rooms nor between files', () => {
  expect(source.roomCycles).toEqual([]);
  expect(source.fileCycles).toEqual([]);
});

it('lists no room that is gone', () => {
  expect(LAYERS.filter((room) => !source.rooms.includes(room))).toEqual([]);
});
