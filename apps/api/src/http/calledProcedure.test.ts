import { expect, test } from 'vitest';
import { calledProcedure } from './calledProcedure.js';

const PROCEDURES = { 'auth.login': true, 'notes.list': true };

function isProcedure(path: string) {
  return Object.hasOwn(PROCEDURES, path);
}

test.each([
  ['/trpc/auth.login', 'auth.login'],
  ['/trpc/x/auth.login', 'auth.login'],
  ['/trpc//auth.login', 'auth.login'],
  ['/trpc/auth%2Elogin', 'auth.login'],
  ['/trpc/auth.login,notes.list', 'batch'],
  ['/trpc/auth.login%2Cnotes.list', 'batch'],
  ['/trpc/auth.login,auth.logni', 'other'],
  ['/trpc/constructor', 'other'],
  ['/trpc/__proto__', 'other'],
  ['/trpc/%E0%A4%A', 'other'],
  ['/trpc/', 'other'],
  ['/trpc', 'other'],
  ['/trpcx/auth.login', 'other'],
  ['/auth.login', 'other'],
  ['/', 'other'],
])('%s calls %s', (path, procedure) => {
  expect(calledProcedure(path, isProcedure)).toBe(procedure);
});
