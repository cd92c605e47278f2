import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServices } from '../src/createServices.js';
import { AuthError } from '../src/index.js';
import { linkModel } from '../src/mail/linkModel.js';
import { createPasswordHashing } from '../src/password/passwordHashing.js';
import { sessionModel } from '../src/session/sessionModel.js';
import { type UserRecord, userModel } from '../src/user/userModel.js';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { ORIGIN, startTestServer, testSecrets } from './testServer.js';

let database: TestDatabase;
/** Two nodes for each lane, each on its own connection, so that its commands can be counted. */
let lanes: (readonly [Node, Node])[];

const LANES = 8;

/** Only what hangs fails. */
const PATIENCE = { timeout: 600_000 };

beforeAll(async () => {
  database = await openTestDatabase();
  const node = async () => createNode(await database.connect());
  lanes = await Promise.all(Array.from({ length: LANES }, async () => [await node(), await node()] as const));
  await Promise.all([
    sessionModel(database.connection).createIndexes(),
    userModel(database.connection).createIndexes(),
    linkModel(database.connection).createIndexes(),
  ]);
});
afterAll(async () => {
  for (const node of lanes.flat()) {
    await node.stop();
    await node.connection.destroy();
  }
  await database[Symbol.asyncDispose]();
});

/** A machine decides by its load how often an outcome happens: so rare ones get more rounds, but not for ever. */
const MAX_REPEATS = 10;

/**
 * Runs the rounds of a race in all lanes at once, so that they also disturb each other; and more rounds until each
 * expected outcome was seen.
 */
async function race(
  rounds: number,
  round: (index: number, nodes: readonly [Node, Node]) => Promise<void>,
  counts?: Counts,
) {
  let next = 0;
  const isOver = () => next >= rounds && (counts?.isComplete() ?? true);
  await Promise.all(
    lanes.map(async (nodes) => {
      while (!isOver() && next < MAX_REPEATS * rounds) {
        for (const { given } of nodes) given.length = 0;
        await round(next++, nodes);
      }
    }),
  );
}

/** Pauses for so many turns of the event loop, so that the rounds of a race meet at different moments. */
async function turns(count: number) {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

const CLIENT = { ip: '127.0.0.1', userAgent: '' };
const secrets = testSecrets();

function reasonOf(error: unknown) {
  if (error instanceof AuthError) return error.reason;
  throw error;
}

/** Counts the database commands of a connection, so that one racer can start at a certain command of the other. */
function countCommands(connection: Connection) {
  let count = 0;
  const waiting = new Map<number, () => void>();
  connection.getClient().on('commandStarted', () => {
    count += 1;
    waiting.get(count)?.();
    waiting.delete(count);
  });
  return (nth: number) =>
    nth === 0 ? undefined : new Promise<void>((resolve) => waiting.set(count + nth, resolve));
}

/** One node's services over the real database, without HTTP around them: a round costs a millisecond or two. */
function createNode(connection: Connection) {
  const services = createServices({
    mongoose: connection,
    appUrl: ORIGIN,
    accessToken: { keys: secrets.access },
    refreshToken: { keys: secrets.refresh, graceMs: 0 },
    password: { pepper: secrets.pepper, bcryptCost: 4 },
    clock: Date.now,
    limits: { login: { account: [], address: [] }, link: { address: [] } },
  });

  /** The token that each answer gave out. */
  const given: string[] = [];
  function give({ refreshToken }: { refreshToken: string }): string {
    given.push(refreshToken);
    return refreshToken;
  }
  const request = { persistent: false, client: CLIENT, replaces: undefined };
  return {
    ...services,
    given,
    /** Resolves when the node sends its `nth` command from now on. */
    step: countCommands(connection),
    /** Begins a session for a user who has just proven who they are. */
    signIn: async (user: UserRecord) =>
      give(await services.completeSignIn(user, { verifiedAt: new Date() }, request)),
    /** Signs in with a name and a password, as `auth.login` does. */
    logIn: async (user: UserRecord, password = PASSWORD) =>
      give(
        await services.signInWithPassword(
          { identifier: user.username, password },
          { ...request, signal: undefined },
        ),
      ),
    /** Changes the password from a session, as `auth.password.change` does; resolves to the new session's token. */
    changePassword: async (
      user: UserRecord,
      token: string,
      options: { newPassword?: string; revokeOthers?: boolean } = {},
    ) => {
      const { newPassword = NEW_PASSWORD, revokeOthers = true } = options;
      const [sessionId = ''] = token.split('.');
      const change = { userId: user._id, sessionId, client: CLIENT, newPassword, revokeOthers };
      return give(
        await services.changePassword({ ...change, currentPassword: PASSWORD, replaces: undefined }),
      );
    },
    refresh: async (token: string) =>
      give(await services.sessions.refresh(token, { episode: undefined, client: CLIENT })),
  };
}

type Node = ReturnType<typeof createNode>;

const NEW_PASSWORD = 'seven herons in the fog';
let knownHash: Promise<string> | undefined;

/** A user with PASSWORD, which is hashed only once. */
async function newUserWithPassword(): Promise<UserRecord> {
  knownHash ??= createPasswordHashing({ pepper: secrets.pepper, cost: 4 }).hash(PASSWORD);
  const user = { ...(await newUser()), passwordHash: await knownHash };
  await userModel(database.connection).updateOne({ _id: user._id }, { passwordHash: user.passwordHash });
  return user;
}

function liveSessions(user: UserRecord) {
  return sessionModel(database.connection).find({ userId: user._id, revokedAt: null }).lean().exec();
}

async function newUser(): Promise<UserRecord> {
  const name = `racer${randomBytes(8).toString('hex')}`;
  const user: UserRecord = {
    _id: name,
    username: name,
    usernameKey: name,
    email: `${name}@example.com`,
    emailVerified: false,
    roles: [],
    passwordHash: '-',
    createdAt: new Date(),
    disabledAt: null,
    signInEpoch: 0,
    linkEpoch: 0,
  };
  await userModel(database.connection).create(user);
  return user;
}

function isToken(answer: string) {
  return answer.includes('.');
}

function sessionIdOf(token: string) {
  return token.split('.')[0] ?? '';
}

interface Racer<T> {
  readonly node: Node;
  readonly run: () => Promise<T>;
}

/** More commands than any racer sends: from there on the second one starts when the first has ended. */
const STEPS = 24;
/** Every step in both orders, three times. */
const ROUNDS = 3 * 2 * STEPS;

/**
 * Runs two racers, every other round in the other order. The second one starts at a certain command of the first, at
 * another one in each round.
 */
async function meet<A, B>(round: number, one: Racer<A>, other: Racer<B>): Promise<[A, B]> {
  const nth = (round >> 1) % STEPS;
  if (round % 2 === 0) return follow(one, nth, other);
  const [second, first] = await follow(other, nth, one);
  return [first, second];
}

async function follow<A, B>(first: Racer<A>, nth: number, second: Racer<B>): Promise<[A, B]> {
  const step = first.node.step(nth);
  const running = first.run();
  const following = Promise.race([step, running.catch(() => {})]).then(second.run);
  return Promise.all([running, following]);
}

/** Checks that every token except `survivor` is refused, and that only the survivor's session is live. */
async function expectOnly(survivor: string | undefined, user: UserRecord, [here, there]: readonly Node[]) {
  const live = (await liveSessions(user)).map(({ _id }) => _id);
  expect(live).toEqual(survivor === undefined ? [] : [sessionIdOf(survivor)]);
  for (const token of new Set([...(here?.given ?? []), ...(there?.given ?? [])])) {
    if (token === survivor) continue;
    expect(await here?.refresh(token).catch(reasonOf)).toBe('SESSION_REVOKED');
  }
}

/** Outcomes that happen more rarely may be chance. */
const SEEN_OFTEN = 6;

/** Counts outcomes; each of the expected ones is to happen, or the racers never met. */
function createCounts(...expected: string[]) {
  const outcomes = new Map<string, number>();
  return {
    count(outcome: string) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    isComplete: () => expected.every((outcome) => (outcomes.get(outcome) ?? 0) >= SEEN_OFTEN),
    /** Checks that each expected outcome happened, and no other. */
    expectAll() {
      expect([...outcomes.keys()].sort()).toEqual(expected.sort());
      expect(Math.min(...outcomes.values()), JSON.stringify([...outcomes])).toBeGreaterThanOrEqual(
        SEEN_OFTEN,
      );
    },
  };
}

type Counts = ReturnType<typeof createCounts>;

describe('ending a session wins over a refresh and a sign-in at the same moment', PATIENCE, () => {
  const endings: [string, (node: Node, user: UserRecord, sessionId: string) => Promise<unknown>][] = [
    ['sign-out', (node, _user, sessionId) => node.sessions.end(sessionId, 'logout')],
    ['revoke-all', (node, { _id }) => node.endAllSessions(_id)],
    ['disable', (node, { _id }) => node.disableUser.disable(_id)],
  ];

  it.each(endings)('%s against three refreshes', async (_name, end) => {
    const counts = createCounts('SESSION_REVOKED', 'renewed');
    await race(
      ROUNDS,
      async (index, [here, there]) => {
        const user = await newUser();
        const token = await here.signIn(user);
        const sessionId = sessionIdOf(token);
        const refresh = (node: Node) => node.refresh(token).then(() => 'renewed', reasonOf);
        const [answers] = await meet(
          index,
          { node: here, run: () => Promise.all([refresh(here), refresh(there), refresh(here)]) },
          { node: there, run: () => end(there, user, sessionId) },
        );
        for (const answer of answers) counts.count(answer);

        expect((await here.sessionStore.find(sessionId))?.revokedAt).toBeInstanceOf(Date);
        await expectOnly(undefined, user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });

  it.each([
    ['revoke-all', 'SESSION_REVOKED'],
    ['disable', 'ACCOUNT_DISABLED'],
  ])('%s against a sign-in', async (name, refusal) => {
    const end = new Map(endings).get(name);
    const counts = createCounts('signed in', refusal);
    await race(
      ROUNDS,
      async (index, [here, there]) => {
        const user = await newUser();
        const [answer] = await meet(
          index,
          { node: here, run: () => here.signIn(user).then(() => 'signed in', reasonOf) },
          { node: there, run: async () => end?.(there, user, '') },
        );
        counts.count(answer);
        await expectOnly(undefined, user, [there, here]);
      },
      counts,
    );
    counts.expectAll();
  });
});

describe('a new password wins over everything that the old one started', PATIENCE, () => {
  it('against refreshes of the session that asks and of another', async () => {
    const counts = createCounts('SESSION_REVOKED', 'renewed');
    await race(
      ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        const [asking, other] = [await here.signIn(user), await there.signIn(user)];
        const refresh = (token: string) => there.refresh(token).then(() => 'renewed', reasonOf);
        const [survivor, answers] = await meet(
          index,
          { node: here, run: () => here.changePassword(user, asking) },
          { node: there, run: () => Promise.all([refresh(asking), refresh(other), refresh(other)]) },
        );
        for (const answer of answers) counts.count(answer);
        await expectOnly(survivor, user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });

  it('against a sign-in with the old password', async () => {
    const counts = createCounts('signed in', 'SESSION_REVOKED', 'INVALID_CREDENTIALS');
    await race(
      2 * ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        const asking = await here.signIn(user);
        const [survivor, answer] = await meet(
          index,
          { node: here, run: () => here.changePassword(user, asking) },
          { node: there, run: () => there.logIn(user).then(() => 'signed in', reasonOf) },
        );
        counts.count(answer);
        await expectOnly(survivor, user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });

  it('that keeps other sessions: a sign-in with the old password completes before it or is refused', async () => {
    const counts = createCounts('signed in', 'SESSION_REVOKED', 'INVALID_CREDENTIALS');
    await race(
      2 * ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        const [asking, other] = [await here.signIn(user), await there.signIn(user)];
        const [survivor, late] = await meet(
          index,
          { node: here, run: () => here.changePassword(user, asking, { revokeOthers: false }) },
          { node: there, run: () => there.logIn(user).catch(reasonOf) },
        );
        counts.count(isToken(late) ? 'signed in' : late);
        // A sign-in that was complete before the change is another session like any other.
        const expected = [survivor, other, ...(isToken(late) ? [late] : [])].map(sessionIdOf);
        expect((await liveSessions(user)).map(({ _id }) => _id).sort()).toEqual(expected.sort());
        expect(await here.refresh(asking).catch(reasonOf)).toBe('SESSION_REVOKED');
      },
      counts,
    );
    counts.expectAll();
  });

  const password = { password: PASSWORD, client: CLIENT };
  it.each<[string, (node: Node, user: UserRecord, sessionId: string) => Promise<unknown>, number[]]>([
    // The second one finds nothing to do.
    ['a sign-out', (node, _user, sessionId) => node.sessions.end(sessionId, 'logout'), [1]],
    ['revoke-all', (node, { _id }) => node.endAllSessions(_id), [0, 1]],
    ['disable', (node, { _id }) => node.disableUser.disable(_id), [0]],
    // A deletion with the old password may be refused.
    ['a deletion', (node, { _id: userId }) => node.deleteAccount({ userId, ...password }), [0, 1]],
  ])('against %s: no session lives whose token nobody was given', async (name, end, liveIfChanged) => {
    const counts = createCounts('changed', 'ended');
    await race(
      ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        const asking = await here.signIn(user);
        const [changed, ended] = await meet(
          index,
          { node: here, run: () => here.changePassword(user, asking).catch(reasonOf) },
          { node: there, run: () => end(there, user, sessionIdOf(asking)).catch(reasonOf) },
        );
        counts.count(isToken(changed) ? 'changed' : 'ended');
        const live = (await liveSessions(user)).map(({ _id }) => _id);
        if (name === 'a sign-out')
          expect(isToken(changed), 'the change wins only if the sign-out did not end the session').toBe(
            !ended,
          );
        if (live.length > 0) expect(live).toEqual([sessionIdOf(changed)]);
        expect(isToken(changed) ? liveIfChanged : [0]).toContain(live.length);
        await here.endAllSessions(user._id);
        await expectOnly(undefined, user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });

  it('against another change: at most one of the two wins', async () => {
    const counts = createCounts('changed', 'SESSION_REVOKED');
    await race(
      ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        const [one, another] = [await here.signIn(user), await there.signIn(user)];
        const change = (node: Node, token: string, newPassword: string) => ({
          node,
          run: () => node.changePassword(user, token, { newPassword }).catch(reasonOf),
        });
        const answers = await meet(
          index,
          change(here, one, NEW_PASSWORD),
          change(there, another, 'a second heron at dawn'),
        );
        const winners = answers.filter(isToken);
        // None if each ended the other's session before either wrote.
        expect(winners.length).toBeLessThanOrEqual(1);
        for (const answer of answers) counts.count(isToken(answer) ? 'changed' : answer);
        await expectOnly(winners[0], user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });

  it('set by a mailed link: against a second use and a sign-in with the old password', async () => {
    const counts = createCounts('signed in', 'SESSION_REVOKED', 'INVALID_CREDENTIALS');
    await race(
      2 * ROUNDS,
      async (index, [here, there]) => {
        const user = await newUserWithPassword();
        await there.signIn(user);
        const link = { userId: user._id, purpose: 'reset', email: user.email, epoch: 0 } as const;
        const token = await here.links.issue(link);
        const reset = (node: Node, newPassword: string) =>
          node.resetPassword({ token, newPassword, client: CLIENT }).then(() => 'reset', reasonOf);
        const resets = () => Promise.all([reset(here, NEW_PASSWORD), reset(there, 'a second heron at dawn')]);
        const [results, answer] = await meet(
          index,
          { node: here, run: resets },
          { node: there, run: () => there.logIn(user).then(() => 'signed in', reasonOf) },
        );
        counts.count(answer);
        expect(results.sort()).toEqual(['LINK_INVALID', 'reset']);
        await expectOnly(undefined, user, [here, there]);
      },
      counts,
    );
    counts.expectAll();
  });
});

describe('the user stored in sessions, in races', () => {
  it('equals the user in the end, whatever changes and sign-ins meet', PATIENCE, async () => {
    await race(300, async (index, [here, there]) => {
      const user = await newUser();
      await here.signIn(user);
      const change = async (node: Node, email: string) => {
        await userModel(database.connection).updateOne({ _id: user._id }, { $set: { email } });
        await node.updateUserCopies(user._id);
      };
      await Promise.all([
        turns(index % 6).then(() => change(here, `a-${user.email}`)),
        turns(index % 5).then(() => change(there, `b-${user.email}`)),
        turns(index % 7).then(() => here.signIn(user)),
        turns(index % 4).then(() => there.signIn(user)),
      ]);
      const now = await here.users.find(user._id);
      const stored = (await liveSessions(user)).map((session) => session.user.email);
      expect(stored).toEqual([now?.email, now?.email, now?.email]);
    });
  });
});

describe('over HTTP, on two nodes', () => {
  let people = 0;

  /** Checks that neither token of any of these clients is accepted. */
  async function expectDead(holders: readonly TestClient[]) {
    for (const holder of holders) {
      const strict = await holder.query('host.strict');
      expect(strict.error?.data.reason).toMatch(/^(SESSION_REVOKED|ACCOUNT_DISABLED)$/);
      expect((await holder.copy().refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    }
  }

  it.each(['sign-out', 'revoke-all', 'disable', 'password change'])(
    'leaves nothing alive after %s during refreshes',
    PATIENCE,
    async (ending) => {
      const shared = { secrets, refreshToken: { graceMs: 0 } };
      await using here = await startTestServer(database.connection, shared);
      const otherConnection = await database.connect();
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
        const changePassword = async (url: string) => {
          const desk = createTestClient(url);
          const password = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
          desk.signedIn(await desk.mutate('auth.login', { identifier: user.username, password: PASSWORD }));
          desk.signedIn(await desk.mutate('auth.password.change', password));
          expect((await desk.query('host.strict')).data).toBe(user.username);
        };
        const end = async () => {
          if (ending === 'sign-out') await client.copy(there.url).mutate('auth.logout');
          else if (ending === 'revoke-all') await there.auth.sessions.endAll(user.id);
          else if (ending === 'password change') await changePassword(there.url);
          else await there.auth.users.disable(user.id);
        };
        await Promise.all([
          ...tabs.map((tab) => tab.refresh()),
          // After a sign-out or revoke-all, a sign-in that begins later is valid.
          ...(/disable|password/.test(ending) ? [turns(round % 4).then(login)] : []),
          turns(round * 3).then(end),
        ]);
        await expectDead([client, ...tabs, ...(elsewhere.accessToken === undefined ? [] : [elsewhere])]);
      }
    },
  );
});
