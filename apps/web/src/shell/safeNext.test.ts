import { expect, test } from 'vitest';
import { safeNext } from './safeNext.js';

test.each(['/notes', '/devices?sort=ip', '/a/b-c_d.e'])(
  'H5: goes on to %s, an address of this app',
  (next) => {
    expect(safeNext(next)).toEqual({ next });
  },
);

test.each([
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/@evil.example:x',
  'notes',
  '',
  undefined,
  ['/notes'],
])('H5: does not go on to %j', (next) => {
  expect(safeNext(next)).toEqual({ next: undefined });
});
