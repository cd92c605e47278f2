import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordWork } from './recordWork.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { MINUTE, startTestServer, type TestServer, testSecrets } from './testServer.js';

const COST = 7;
const secrets = testSecrets();
const ONCE = { login: { account: [{ attempts: 1, perMs: 60 * MINUTE }], address: [] } };
/** Without polls, which would come between the commands of a request. */
const QUIET = { secrets, revocation: { pollMs: 24 * 60 * MINUTE } };

let database: TestDatabase;
let server: TestServer;
let locking: TestServer;

function bcrypt(bcryptCost: number) {
  return { pepper: secrets.pepper, bcryptCost };
}

beforeAll(async () => {
  database = await openTestDatabase();
  const { connection } = database;
  server = await startTestServer(connection, { ...QUIET, password: bcrypt(COST) });
  locking = await startTestServer(connection, { ...QUIET, limits: ONCE, password: bcrypt(COST) });
  await using cheaper = await startTestServer(connection, { ...QUIET, password: bcrypt(COST - 2) });
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

/** Everything in an answer except the date. */
function visible({ status, error, headers }: Awaited<ReturnType<typeof guess>>) {
  return {
    status,
    error,
    headers: [...headers].filter(([name]) => name !== 'date'),
  };
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
    // The two answers may differ by one second of waiting.
    const untimed = (answer: typeof known) =>
      JSON.stringify(visible(answer)).replace(/\b3(600|59\d)\b/g, '…');
    expect(untimed(known)).toBe(untimed(unknown));
  });

  it('L6: does the same work for each: the same database commands and as many rounds of bcrypt', async () => {
    const names = ['nobody-else', 'known', 'nobody-else@example.com', 'disabled', 'oldhash'];
    const first = await workOf(names, server);
    const second = await workOf(names, server);
    for (const name of names) {
      expect(first[name], name).toEqual(first['nobody-else']);
      expect(second[name], name).toEqual(second['nobody-else']);
    }
    expect(first['nobody-else']).toEqual(
      expect.arrayContaining(['find latchkey_users', `bcrypt ${2 ** COST}`]),
    );
  });

  it('L6: does the same work for each locked name, and hashes nothing', async () => {
    const names = ['locked-stranger', 'known'];
    for (const name of names) await guess(name, locking.url);
    const work = await workOf(names, locking);
    expect(work.known).toEqual(work['locked-stranger']);
    expect(work.known).toContain('find latchkey_users');
    expect(work.known?.filter((step) => step.startsWith('bcrypt'))).toEqual([]);
  });
});

async function workOf(names: readonly string[], { url }: TestServer): Promise<Record<string, string[]>> {
  const work: Record<string, string[]> = {};
  for (const name of names) work[name] = await recordWork(database, () => guess(name, url));
  return work;
}
