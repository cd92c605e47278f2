import { expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase } from './support/database.js';
import { startTestServer, type TestServer } from './support/testServer.js';

/** What one address may fail in ten minutes, and how many of them to send at once. */
const LIMIT = 300;
const AT_ONCE = 30;

/** Sends wrong sign-ins for ever new names; the reasons of the answers. */
async function guessEverywhere(
  server: TestServer,
  options: { count: number; forwardedFor: (n: number) => string },
) {
  const { count, forwardedFor } = options;
  const reasons: unknown[] = [];
  while (reasons.length < count) {
    const from = reasons.length;
    const answers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) =>
      createApi(server.url).post(
        'auth.login',
        { identifier: `nobody-${from + n}`, password: 'a guess' },
        { 'x-forwarded-for': forwardedFor(from + n) },
      ),
    );
    reasons.push(...(await Promise.all(answers)).map(({ error }) => error?.reason));
  }
  return reasons;
}

function limited(reasons: unknown[]) {
  return reasons.filter((reason) => reason === 'TOO_MANY_ATTEMPTS').length;
}

function spoofed(n: number) {
  return `198.51.${n >> 8}.${n & 255}`;
}

test('L4: without TRUST_PROXY an invented X-Forwarded-For gets nobody round the limit of an address', async () => {
  await using database = await openTestDatabase();
  await using server = await startTestServer({ MONGODB_URI: database.uri });
  const reasons = await guessEverywhere(server, { count: LIMIT + 10, forwardedFor: spoofed });
  expect(limited(reasons)).toBe(10);
});

test('L4: with TRUST_PROXY=1 the address is the one that the proxy saw, not those that were sent to it', async () => {
  await using database = await openTestDatabase();
  await using server = await startTestServer({ MONGODB_URI: database.uri, TRUST_PROXY: '1' });
  const viaProxy = (n: number) => `${spoofed(n)}, 203.0.113.9`;
  const reasons = await guessEverywhere(server, { count: LIMIT + 10, forwardedFor: viaProxy });
  expect(limited(reasons)).toBe(10);
  const elsewhere = await guessEverywhere(server, { count: 10, forwardedFor: () => '203.0.113.10' });
  expect(limited(elsewhere)).toBe(0);
});

test('L1: three servers on one database count together', async () => {
  await using database = await openTestDatabase();
  const shared = {
    MONGODB_URI: database.uri,
    ACCESS_TOKEN_SECRET: `${'a'.repeat(20)}B7-c9-d1-e3-f5-g7`,
    REFRESH_TOKEN_SECRET: `${'b'.repeat(20)}C8-d0-e2-f4-g6-h8`,
    PASSWORD_PEPPER: `${'c'.repeat(20)}D9-e1-f3-g5-h7-i9`,
  };
  await using one = await startTestServer(shared);
  await using two = await startTestServer(shared);
  await using three = await startTestServer(shared);
  const person = newPerson();
  await createApi(one.url).post('auth.register', person);
  const guesses = Array.from({ length: 30 }, (_, n) =>
    createApi([one, two, three][n % 3]?.url ?? '').post('auth.login', {
      identifier: n % 2 ? person.username : person.email,
      password: 'a guess',
    }),
  );
  const reasons = (await Promise.all(guesses)).map(({ error }) => error?.reason);
  expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS')).toHaveLength(10);
  expect(limited(reasons)).toBe(20);
});
