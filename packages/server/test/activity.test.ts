import { mongo } from 'mongoose';
import { describe, expect, it, vi } from 'vitest';
import { createActivity } from '../src/activity/activity.js';
import { activityModel } from '../src/activity/activityModel.js';
import type { ActivityItem, AuthEvent } from '../src/index.js';
import { presentUntilCaught } from './presentUntilCaught.js';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { openTestDatabase } from './testDatabase.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const HOUR = 60 * MINUTE;
const secrets = testSecrets();

const { database, server } = await useTestServer({ secrets });

interface Page {
  items: ActivityItem[];
  nextCursor: string | null;
}

async function list(client: TestClient, input?: object): Promise<Page> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const answer = await client.query(`auth.activity.list${query}`);
  if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data as Page;
}

function typesOf({ items }: Page) {
  return items.map(({ type }) => type);
}

/** Registers a person. */
async function newcomer(name: string) {
  const client = createTestClient(server.url);
  const { user } = await client.register(name);
  const login = (password = PASSWORD, headers = {}) =>
    client.mutate('auth.login', { identifier: name, password }, headers);
  return { client, user, login };
}

describe('auth.activity.list', () => {
  it('lists what happened, newest first, with time and device', async () => {
    const { client, login } = await newcomer('reader');
    server.clock.advance(MINUTE);
    await login('wrong', { 'user-agent': FIREFOX });
    server.clock.advance(MINUTE);
    client.signedIn(await login());
    const { items, nextCursor } = await list(client);
    expect(items.map(({ type }) => type)).toEqual([
      'authn_token_revoked', // the session of the registration, which the new one replaces
      'authn_login_success',
      'authn_login_fail',
      'user_created',
    ]);
    expect(items[2]).toEqual({
      at: new Date(server.clock.now() - MINUTE).toISOString(),
      type: 'authn_login_fail',
      ip: '127.0.0.1',
      device: { browser: 'Firefox', os: 'Windows', type: 'desktop' },
    });
    expect(nextCursor).toBeNull();
  });

  it('S1: lists thefts and sign-outs, and no renewals', async () => {
    const { client, login } = await newcomer('robbed');
    const thief = client.copy();
    await client.refresh();
    await client.query('host.who');
    await presentUntilCaught(thief, server);
    client.signedIn(await login());
    await client.mutate('auth.logout');
    client.signedIn(await login());
    const types = typesOf(await list(client));
    expect(types).toEqual(expect.arrayContaining(['authn_token_reuse', 'session_logout']));
    expect(types).not.toContain('session_renewed');
  });

  it('T12: shows each person only their own activity, whatever cursor they send', async () => {
    const other = await newcomer('nosy');
    const { client, login } = await newcomer('private');
    await login('wrong');
    const { nextCursor } = await list(client, { limit: 1 });
    expect(typesOf(await list(other.client))).toEqual(['user_created']);
    expect(typesOf(await list(other.client, { cursor: nextCursor }))).toEqual(['user_created']);
    expect((await createTestClient(server.url).query('auth.activity.list')).error?.data.reason).toBe(
      'TOKEN_MISSING',
    );
  });

  it('L6: stores nothing for a failure without an account', async () => {
    const count = () => database.connection.collection('latchkey_activity').countDocuments();
    const { client, login } = await newcomer('exists');
    await list(client);
    const before = await count();
    await client.mutate('auth.login', { identifier: 'nobody-here', password: 'wrong' });
    await login('wrong');
    await list(client);
    expect(await count()).toBe(before + 1);
  });

  it('returns everything exactly once over several pages, while more happens', async () => {
    const { client, login } = await newcomer('busy');
    for (let failure = 0; failure < 7; failure++) {
      server.clock.advance(1_000);
      await login(`wrong ${failure}`);
    }
    const all = (await list(client)).items;
    expect(all).toHaveLength(8);
    const seen: ActivityItem[] = [];
    let page = await list(client, { limit: 3 });
    for (;;) {
      seen.push(...page.items);
      if (page.nextCursor === null) break;
      server.clock.advance(1_000);
      await login('wrong in between');
      page = await list(client, { limit: 3, cursor: page.nextCursor });
    }
    expect(seen).toEqual(all);
  });

  it.each([
    { limit: 101 },
    { limit: 0 },
    { limit: 1.5 },
    { cursor: 'x' },
    { cursor: { $gt: '' } },
    { cursor: '$'.repeat(24) },
    { userId: 'someone' },
  ])('D1: refuses %j', async (input) => {
    const { client } = await newcomer(`strict${JSON.stringify(input).replace(/\W/g, '').slice(0, 20)}`);
    const answer = await client.query(
      `auth.activity.list?input=${encodeURIComponent(JSON.stringify(input))}`,
    );
    expect(answer).toMatchObject({ status: 400, error: { data: { reason: 'VALIDATION' } } });
  });

  it('accepts the input of tRPC’s infinite queries', async () => {
    const { client } = await newcomer('scroller');
    expect(typesOf(await list(client, { cursor: null, direction: 'forward', limit: 100 }))).toEqual([
      'user_created',
    ]);
  });
});

describe('keeping activity', () => {
  it('adds no query to a refresh', async () => {
    const connection = await database.connect();
    await using quiet = await startTestServer(connection, {
      secrets,
      clock: server.clock.now,
      revocation: { pollMs: 60_000 },
    });
    const { client } = await newcomer('frugal');
    server.clock.advance(MINUTE);
    const commands: string[] = [];
    connection.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
    const there = client.copy(quiet.url);
    expect((await there.refresh()).error).toBeUndefined();
    await quiet.auth.stop();
    expect(commands).toEqual(['findAndModify']);
    await connection.destroy();
  });

  it('is written before the server stops', async () => {
    const connection = await database.connect();
    const leaving = await startTestServer(connection, { secrets, clock: server.clock.now });
    const { client, login } = await newcomer('late');
    server.clock.advance(1_000);
    await createTestClient(leaving.url).mutate('auth.login', { identifier: 'late', password: 'wrong' });
    await leaving[Symbol.asyncDispose]();
    expect(typesOf(await list(client))).toEqual(['authn_login_fail', 'user_created']);
    expect((await login()).error).toBeUndefined();
    await connection.destroy();
  });

  it.runIf(process.env.MONGODB_URI === undefined)('D5: is removed after the retention time', async () => {
    await using brief = await openTestDatabase({ ttlIntervalMs: 20 });
    const start = (retentionMs: number) =>
      startTestServer(brief.connection, { secrets, clock: Date.now, activity: { retentionMs } });
    await using lasting = await start(HOUR);
    await using forgetful = await start(1);
    const remembered = createTestClient(lasting.url);
    await remembered.register('remembered');
    const forgotten = createTestClient(forgetful.url);
    await forgotten.register('forgotten');
    await expect.poll(async () => typesOf(await list(forgotten))).toEqual([]);
    expect(typesOf(await list(remembered))).toEqual(['user_created']);
  });
});

describe('activity while the database is away', () => {
  const event = (userId: string): AuthEvent => ({
    type: 'authn_login_fail',
    outcome: 'failure',
    at: new Date().toISOString(),
    userId,
  });

  it('E1: reports every failure, and writes everything once the database is back', async () => {
    await using away = await openTestDatabase();
    const connection = await away.connect();
    const errors: unknown[] = [];
    const activity = createActivity({
      model: activityModel(connection),
      retentionMs: MINUTE,
      onError: (error) => errors.push(error),
    });
    const read = createActivity({
      model: activityModel(away.connection),
      retentionMs: MINUTE,
      onError: (error) => errors.push(error),
    });
    const found = async () => (await read.list('someone', { cursor: undefined, limit: 100 })).records.length;
    await connection.close();
    activity.record(event('someone'), undefined);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    expect(await found()).toBe(0);
    activity.record(event('someone'), undefined);
    await connection.openUri(away.uri);
    await expect.poll(found).toBe(2);
    await activity.stop();
    await connection.destroy();
  });

  it('E1: counts what it could not keep', async () => {
    await using away = await openTestDatabase();
    const connection = await away.connect();
    const errors: string[] = [];
    const activity = createActivity({
      model: activityModel(connection),
      retentionMs: MINUTE,
      onError: (error) => errors.push(String(error)),
      maxPending: 2,
    });
    await connection.close();
    for (let each = 0; each < 5; each++) activity.record(event('someone'), undefined);
    await activity.stop();
    expect(errors.filter((error) => /could not be kept/.test(error))).toEqual([
      'Error: 3 records of activity could not be kept.',
      'Error: 2 records of activity could not be kept.',
    ]);
    await connection.destroy();
  });

  it('stores a record once although it is written again because the answer to the first write was lost', async () => {
    const { insertMany } = mongo.Collection.prototype;
    const lossy = vi.spyOn(mongo.Collection.prototype, 'insertMany').mockImplementationOnce(async function (
      this: mongo.Collection,
      ...args
    ) {
      await insertMany.apply(this, args);
      throw new mongo.MongoNetworkError('the connection was closed');
    });
    const errors: unknown[] = [];
    const activity = createActivity({
      model: activityModel(database.connection),
      retentionMs: MINUTE,
      onError: (error) => errors.push(error),
    });
    activity.record(event('twice'), undefined);
    await activity.list('twice', { cursor: undefined, limit: 1 });
    expect(errors).toHaveLength(1);
    const { records, nextCursor } = await activity.list('twice', { cursor: undefined, limit: 1 });
    expect(lossy).toHaveBeenCalledTimes(2);
    expect({ count: records.length, nextCursor }).toEqual({ count: 1, nextCursor: null });
    await activity.stop();
    expect(errors).toHaveLength(1);
    lossy.mockRestore();
  });
});

it('D5: forgets a person completely, including what is not written yet', async () => {
  const activity = createActivity({
    model: activityModel(database.connection),
    retentionMs: MINUTE,
    onError: (error) => {
      throw error;
    },
  });
  const event = { type: 'user_created', outcome: 'success', at: new Date().toISOString() } as const;
  const kept = async (userId: string) =>
    (await activity.list(userId, { cursor: undefined, limit: 10 })).records.length;
  for (const userId of ['leaver', 'stayer']) activity.record({ ...event, userId }, undefined);
  expect(await kept('leaver')).toBe(1);
  activity.record({ ...event, userId: 'leaver' }, undefined);
  await activity.forget('leaver');
  expect([await kept('leaver'), await kept('stayer')]).toEqual([0, 1]);
  await activity.stop();
});
