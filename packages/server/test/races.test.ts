import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthError } from '../src/index.js';
import { createPasswordHashing } from '../src/password/passwordHashing.js';
import { createRefreshTokens } from '../src/session/refreshToken.js';
import { sessionModel } from '../src/session/sessionModel.js';
import { createSessionStore } from '../src/session/sessionStore.js';
import { createSessions } from '../src/session/sessions.js';
import { createAccounts } from '../src/user/accounts.js';
import { createUserChanges } from '../src/user/userChanges.js';
import { toUser, type UserRecord, userModel } from '../src/user/userModel.js';
import { createUsers } from '../src/user/users.js';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { startTestServer, testSecrets } from './testServer.js';

let database: TestDatabase;
let otherConnection: Connection;

beforeAll(async () => {
  database = await openTestDatabase();
  otherConnection = await database.connect();
  await Promise.all([
    sessionModel(database.connection).createIndexes(),
    userModel(database.connection).createIndexes(),
  ]);
});
afterAll(async () => {
  await otherConnection.destroy();
  await database[Symbol.asyncDispose]();
});

/** Runs `rounds` of a race, a few at a time, so that they also disturb each other. */
async function race(rounds: number, round: (index: number) => Promise<void>) {
  let next = 0;
  const lane = async () => {
    while (next < rounds) await round(next++);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** A pause of so many turns of the event loop, so that the rounds of a race meet at different moments. */
async function turns(count: number) {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

const secrets = testSecrets();
const reasonOf = (error: unknown) => {
  if (error instanceof AuthError) return error.reason;
  throw error;
};

/** One node's services over the real database, without HTTP around them: a round costs a millisecond or two. */
function createNode(connection: Connection) {
  const policy = {
    ...{ graceMs: 0, healLimit: 8, maxPerUser: 100 },
    ...{ persistentLifetimeMs: 3_600_000, lifetimeMs: 3_600_000, idleMs: 3_600_000 },
  };
  const clock = Date.now;
  const store = createSessionStore(sessionModel(connection), policy);
  const refreshTokens = createRefreshTokens(secrets.refresh);
  const quiet = { revocations: { add() {} }, events: { emit() {} } };
  const sessions = createSessions({ store, refreshTokens, ...quiet, clock, policy });
  const hashing = createPasswordHashing({ pepper: secrets.pepper, cost: 4 });
  const users = createUsers({ model: userModel(connection), hashing, appName: 'Latchkey', clock });
  const changes = createUserChanges(userModel(connection));
  const accounts = createAccounts({ users, changes, sessions, sessionStore: store });
  const client = { ip: '127.0.0.1', userAgent: '' };

  /** The token that each answer gave out. */
  const given: string[] = [];
  const give = ({ refreshToken }: { refreshToken: string }) => {
    given.push(refreshToken);
    return refreshToken;
  };
  return {
    store,
    users,
    sessions,
    accounts,
    given,
    /** Signs in somebody whose password was just found right. */
    signIn: (user: UserRecord) =>
      sessions
        .begin(toUser(user), {
          ...{ persistent: false, client, replaces: undefined },
          confirm: () => accounts.confirmSignIn(user),
        })
        .then(give),
    refresh: (token: string) => sessions.refresh(token, { episode: undefined, client }).then(give),
  };
}

async function newUser(): Promise<UserRecord> {
  const name = `racer${randomBytes(8).toString('hex')}`;
  const user: UserRecord = {
    ...{ _id: name, username: name, usernameKey: name, email: `${name}@example.com`, emailVerified: false },
    ...{ roles: [], passwordHash: '-', createdAt: new Date(), disabledAt: null },
    ...{ signInEpoch: 0, linkEpoch: 0 },
  };
  await userModel(database.connection).create(user);
  return user;
}

describe('E31: whatever ends sessions wins over a refresh and a sign-in at the same moment', () => {
  type Node = ReturnType<typeof createNode>;
  const endings: [string, (node: Node, user: UserRecord, sessionId: string) => Promise<unknown>][] = [
    ['sign-out', (node, _user, sessionId) => node.sessions.end(sessionId, 'logout')],
    ['revoke-all', (node, { _id }) => node.accounts.endAllSessions(_id)],
    ['disable', (node, { _id }) => node.accounts.disable(_id)],
  ];

  it.each(endings)('%s against three refreshes, 400 rounds', { timeout: 60_000 }, async (_name, end) => {
    const outcomes = new Map<string, number>();
    await race(400, async (index) => {
      const [here, there] = [createNode(database.connection), createNode(otherConnection)];
      const user = await newUser();
      const token = await here.signIn(user);
      const [sessionId = ''] = token.split('.');
      const refresh = (node: Node, pause: number) =>
        turns(pause)
          .then(() => node.refresh(token))
          .then(() => 'renewed', reasonOf);
      const [, ...answers] = await Promise.all([
        turns(index % 6).then(() => end(there, user, sessionId)),
        refresh(here, 0),
        refresh(there, index % 4),
        refresh(here, index % 7),
      ]);
      for (const answer of answers) outcomes.set(answer, (outcomes.get(answer) ?? 0) + 1);

      expect((await here.store.find(sessionId))?.revokedAt).toBeInstanceOf(Date);
      for (const value of new Set([...here.given, ...there.given])) {
        expect(await here.refresh(value).catch(reasonOf)).toBe('SESSION_REVOKED');
      }
    });
    expect([...outcomes.keys()].sort()).toEqual(['SESSION_REVOKED', 'renewed']);
    // Else the two never met, and nothing was shown.
    expect(Math.min(...outcomes.values())).toBeGreaterThan(10);
  });

  it.each(endings.slice(1))('%s against a sign-in, 400 rounds', { timeout: 60_000 }, async (_name, end) => {
    const outcomes = new Map<string, number>();
    await race(400, async (index) => {
      const [here, there] = [createNode(database.connection), createNode(otherConnection)];
      const user = await newUser();
      const [, answer] = await Promise.all([
        turns(index % 8).then(() => end(there, user, '')),
        turns(index % 5)
          .then(() => here.signIn(user))
          .then(() => 'signed in', reasonOf),
      ]);
      outcomes.set(answer, (outcomes.get(answer) ?? 0) + 1);
      const live = await sessionModel(database.connection).countDocuments({
        userId: user._id,
        revokedAt: null,
      });
      expect(live, answer).toBe(0);
      for (const value of here.given) {
        expect(await there.refresh(value).catch(reasonOf)).toBe('SESSION_REVOKED');
      }
    });
    expect(outcomes.size).toBe(2);
    expect(Math.min(...outcomes.values())).toBeGreaterThan(5);
  });
});

describe('E31: over HTTP, on two nodes', () => {
  let people = 0;

  /** Neither the refresh token nor the access token that any of these holds is worth anything. */
  async function expectDead(holders: readonly TestClient[]) {
    for (const holder of holders) {
      const strict = await holder.query('host.strict');
      expect(strict.error?.data.reason).toMatch(/^(SESSION_REVOKED|ACCOUNT_DISABLED)$/);
      expect((await holder.copy().refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    }
  }

  it.each(['sign-out', 'revoke-all', 'disable'])(
    'leaves nothing alive after %s during refreshes',
    { timeout: 60_000 },
    async (ending) => {
      const shared = { secrets, refreshToken: { graceMs: 0 } };
      await using here = await startTestServer(database.connection, shared);
      await using there = await startTestServer(otherConnection, shared);
      for (let round = 0; round < 15; round++) {
        people += 1;
        const client = createTestClient(here.url);
        const { user } = await client.register(`person${people}`);
        const tabs = [client.copy(), client.copy(there.url)];
        const elsewhere = createTestClient(there.url);
        const login = async () => {
          const input = { identifier: user.username, password: PASSWORD };
          const answer = await elsewhere.mutate('auth.login', input);
          if (answer.error === undefined) elsewhere.signedIn(answer);
        };
        const end = async () => {
          if (ending === 'sign-out') await client.copy(there.url).mutate('auth.logout');
          else if (ending === 'revoke-all') await there.auth.sessions.endAll(user.id);
          else await there.auth.users.disable(user.id);
        };
        await Promise.all([
          ...tabs.map((tab) => tab.refresh()),
          // After the other two a sign-in that begins later is a new one, and good.
          ...(ending === 'disable' ? [turns(round % 4).then(login)] : []),
          turns(round * 3).then(end),
        ]);
        await expectDead([client, ...tabs, ...(elsewhere.accessToken === undefined ? [] : [elsewhere])]);
      }
    },
  );
});
