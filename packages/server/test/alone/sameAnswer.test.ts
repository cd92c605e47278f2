import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClient, PASSWORD } from '../testClient.js';
import { openTestDatabase, type TestDatabase } from '../testDatabase.js';
import { MINUTE, startTestServer, type TestServer, testSecrets } from '../testServer.js';
import { chanceDistance, distance, median } from './distributions.js';

const SAMPLES = 200;
/** Enough work for a hash that is left out to be seen, little enough for 1,000 of them. */
const COST = 7;
const MAX_DISTANCE = chanceDistance(SAMPLES);

const secrets = testSecrets();
const UNLIMITED = { login: { account: [], address: [] } };
const ONCE = { login: { account: [{ attempts: 1, perMs: 60 * MINUTE }], address: [] } };

function bcrypt(bcryptCost: number) {
  return { pepper: secrets.pepper, bcryptCost };
}

/** As a share of the shorter median; 5 % of a hash of cost 12 would be more than the whole of one of cost 7. */
const MAX_MEDIAN_GAP = 0.3;

let database: TestDatabase;
let server: TestServer;
let locking: TestServer;

beforeAll(async () => {
  database = await openTestDatabase();
  const { connection } = database;
  server = await startTestServer(connection, { secrets, limits: UNLIMITED, password: bcrypt(COST) });
  locking = await startTestServer(connection, { secrets, limits: ONCE, password: bcrypt(COST) });
  await using cheaper = await startTestServer(connection, { secrets, password: bcrypt(COST - 2) });
  await createTestClient(server.url).register('known');
  await createTestClient(cheaper.url).register('oldhash');
  const disabled = await createTestClient(server.url).register('disabled');
  await server.auth.users.disable(disabled.user.id);
});
afterAll(async () => {
  await locking[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function guess(identifier: string, url = server.url) {
  return createTestClient(url).mutate('auth.login', { identifier, password: `${PASSWORD}!` });
}

/** Everything of an answer but the date. */
function visible({ status, error, headers }: Awaited<ReturnType<typeof guess>>) {
  return {
    status,
    error,
    headers: [...headers].filter(([name]) => name !== 'date'),
  };
}

const GUESSES: Record<string, (sample: number) => Promise<unknown>> = {
  'unknown name': (n) => guess(`nobody-${n}`),
  'unknown e-mail': (n) => guess(`nobody-${n}@example.com`),
  'wrong password': () => guess('known'),
  disabled: () => guess('disabled'),
  'hash of an older cost': () => guess('oldhash'),
  // Refused without a look at the password: what a difference would look like.
  locked: () => guess('known', locking.url),
  'locked, unknown': () => guess('nobody', locking.url),
};

/** Times every guess, each time in another order: what a guess leaves to be done disturbs whichever comes next. */
async function measure(): Promise<Record<string, number[]>> {
  const times = Object.fromEntries(Object.keys(GUESSES).map((name): [string, number[]] => [name, []]));
  for (let sample = -10; sample < SAMPLES; sample++) {
    for (const [name, attempt] of shuffled(Object.entries(GUESSES), sample)) {
      const startedAt = performance.now();
      await attempt(sample);
      if (sample >= 0) times[name]?.push(performance.now() - startedAt);
    }
  }
  return times;
}

function shuffled<T>(values: readonly [string, T][], seed: number): [string, T][] {
  const rank = (name: string) => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return values
    .map((value) => ({ value, rank: rank(value[0]) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ value }) => value);
}

describe('sign-in', () => {
  it('L6: answers alike whether a name is unknown, the password wrong or the account disabled', async () => {
    const [unknown, ...others] = await Promise.all(
      ['nobody', 'nobody@example.com', 'no@body@x', 'known', 'disabled', 'oldhash'].map((name) =>
        guess(name),
      ),
    );
    expect(unknown?.error?.data.reason).toBe('INVALID_CREDENTIALS');
    for (const other of others) expect(visible(other)).toEqual(unknown && visible(unknown));
  });

  it('L6: locks an unknown name like an account, after as many attempts and with the same answer', async () => {
    for (const name of ['locked-nobody', 'disabled']) {
      expect((await guess(name, locking.url)).error?.data.reason).toBe('INVALID_CREDENTIALS');
    }
    const [unknown, known] = await Promise.all([
      guess('locked-nobody', locking.url),
      guess('disabled', locking.url),
    ]);
    expect(unknown.error?.data).toMatchObject({
      reason: 'TOO_MANY_ATTEMPTS',
      retryAfter: expect.any(Number),
    });
    // The seconds left may differ by the one that began between the two.
    const untimed = (answer: typeof known) =>
      JSON.stringify(visible(answer)).replace(/\b3(600|59\d)\b/g, '…');
    expect(untimed(known)).toBe(untimed(unknown));
  });

  // A difference that is there shows twice; one by chance, or by something else that this machine does, does not.
  it('L6: takes as long for each, by their distributions over 200 samples', {
    timeout: 240_000,
    retry: 1,
  }, async () => {
    const times = await measure();
    const of = (name: string) => times[name] ?? [];
    const pairs = [
      ['unknown name', 'wrong password'],
      ['unknown name', 'unknown e-mail'],
      ['unknown name', 'disabled'],
      ['unknown name', 'hash of an older cost'],
      ['locked', 'locked, unknown'],
    ] as const;
    const found = pairs.map(([a, b]) => ({
      pair: `${a} / ${b}`,
      distance: distance(of(a), of(b)),
      medians: [median(of(a)), median(of(b))],
    }));
    for (const { pair, distance, medians } of found) {
      const [a = 0, b = 0] = medians;
      console.log(`L6: ${pair}: KS ${distance.toFixed(3)}, p50 ${a.toFixed(2)} and ${b.toFixed(2)} ms`);
      expect(distance, pair).toBeLessThan(MAX_DISTANCE);
      expect(Math.abs(a - b) / Math.min(a, b), pair).toBeLessThan(MAX_MEDIAN_GAP);
    }
    expect(distance(of('locked'), of('wrong password')), 'what it would see').toBeGreaterThan(MAX_DISTANCE);
  });
});
