import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminUser } from '../src/index.js';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { startTestServer, type TestServer } from './testServer.js';

let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  server = await startTestServer(database.connection);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await database.connection.collection('latchkey_users').deleteMany({});
});
afterAll(() => database[Symbol.asyncDispose]());

async function person(name: string) {
  const client = createTestClient(server.url);
  const { user } = await client.register(name);
  const login = () => client.mutate('auth.login', { identifier: name, password: PASSWORD });
  return { client, user, login };
}

async function admin(name: string) {
  const somebody = await person(name);
  await server.auth.users.setRoles(somebody.user.id, ['admin']);
  somebody.client.signedIn(await somebody.login());
  return somebody;
}

async function list(client: TestClient, input: object = {}) {
  const answer = await client.query(`admin.users.list?input=${encodeURIComponent(JSON.stringify(input))}`);
  if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data as { items: AdminUser[]; nextCursor: string | null };
}

function namesOf({ items }: { items: AdminUser[] }) {
  return items.map(({ username }) => username);
}

function eventsOf(type: string) {
  return server.events.filter((event) => event.type === type);
}

describe('setRoles', () => {
  it('ends every session of the person, so that no token carries the old roles', async () => {
    const { client, user, login } = await person('climber');
    expect(await server.auth.users.setRoles(user.id, ['admin'])).toBe(true);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect(client.signedIn(await login()).user.roles).toEqual(['admin']);
    expect((await client.query('host.admin')).data).toBe('admin');
    await server.auth.users.setRoles(user.id, []);
    client.signedIn(await login());
    expect((await client.query('host.admin')).error?.data.reason).toBe('ROLE_REQUIRED');
    expect(eventsOf('privilege_permissions_changed')).toMatchObject([
      { userId: user.id, detail: 'admin' },
      { userId: user.id, detail: 'none' },
    ]);
  });

  it('refuses names that are no roles, and returns false for an unknown user', async () => {
    const { user } = await person('odd');
    await expect(server.auth.users.setRoles(user.id, ['a b'])).rejects.toThrow(/role/);
    expect(await server.auth.users.setRoles('nobody', ['admin'])).toBe(false);
  });
});

describe('T12: the admin procedures', () => {
  it.each(['list', 'disable', 'enable', 'revokeSessions'])(
    '%s accepts only people who are administrators now',
    async (name) => {
      const { user: target } = await person('target');
      const { client, user } = await person('aspirant');
      const call = (at: TestClient) =>
        name === 'list' ? at.query('admin.users.list') : at.mutate(`admin.users.${name}`, { id: target.id });
      expect((await call(createTestClient(server.url))).error?.data.reason).toBe('TOKEN_MISSING');
      expect((await call(client)).error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'ROLE_REQUIRED' });
      expect(eventsOf('authz_fail').at(-1)).toMatchObject({ userId: user.id, detail: 'ROLE_REQUIRED' });

      const boss = await admin('boss');
      expect((await call(boss.client)).error).toBeUndefined();
      // The token still has the role; the database does not.
      const records = database.connection.collection<{ _id: string }>('latchkey_users');
      await records.updateOne({ _id: boss.user.id }, { $set: { roles: [] } });
      expect((await boss.client.query('host.admin')).data).toBe('admin');
      expect((await call(boss.client)).error?.data.reason).toBe('ROLE_REQUIRED');
    },
  );

  it('D3: list users page by page, with listed fields only', async () => {
    const boss = await admin('boss');
    for (const name of ['Carol', 'alice', 'bob.b', 'dave']) await person(name);
    const first = await list(boss.client, { limit: 3 });
    expect(namesOf(first)).toEqual(['alice', 'bob.b', 'boss']);
    expect(Object.keys(first.items[0] ?? {}).sort()).toEqual(
      ['createdAt', 'disabled', 'email', 'emailVerified', 'id', 'roles', 'username'].sort(),
    );
    const last = await list(boss.client, { limit: 3, cursor: first.nextCursor });
    expect(namesOf(last)).toEqual(['Carol', 'dave']);
    expect(last.nextCursor).toBeNull();
  });

  it('D1: search by the beginning of name or address, and treat no character as a pattern', async () => {
    const boss = await admin('boss');
    for (const name of ['anna', 'an.na', 'anton', 'berta']) await person(name);
    expect(namesOf(await list(boss.client, { search: 'AN' }))).toEqual(['an.na', 'anna', 'anton']);
    expect(namesOf(await list(boss.client, { search: ' anna@Exa' }))).toEqual(['anna']);
    expect(namesOf(await list(boss.client, { search: 'an.' }))).toEqual(['an.na']);
    for (const search of ['.*', '^a', 'a.*', '(', 'rta', '$ne', '\u{10FFFF}'])
      expect(namesOf(await list(boss.client, { search })), search).toEqual([]);
    for (const search of [{ $ne: '' }, ['a'], { $regex: '.*' }]) {
      const answer = await boss.client.query(
        `admin.users.list?input=${encodeURIComponent(JSON.stringify({ search }))}`,
      );
      expect(answer.error?.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'VALIDATION' });
    }
  });

  it('S9, T8: disable a person, end their sessions at once, and enable them again', async () => {
    const boss = await admin('boss');
    const { client, user, login } = await person('rascal');
    expect((await boss.client.mutate('admin.users.disable', { id: user.id })).data).toEqual({ ok: true });
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await login()).error?.data.reason).toBe('ACCOUNT_DISABLED');
    expect((await list(boss.client, { search: 'rascal' })).items[0]?.disabled).toBe(true);
    expect((await boss.client.mutate('admin.users.disable', { id: user.id })).data).toEqual({ ok: true });
    expect((await boss.client.mutate('admin.users.enable', { id: user.id })).data).toEqual({ ok: true });
    expect((await login()).error).toBeUndefined();
    const acts = eventsOf('authz_admin');
    expect(acts.map(({ detail }) => detail)).toEqual(['disable', 'disable', 'enable']);
    expect(acts[0]).toMatchObject({ userId: boss.user.id, targetUserId: user.id, ip: '127.0.0.1' });
  });

  it('S9: end a person’s sessions, and show them that without the administrator’s address', async () => {
    const boss = await admin('boss');
    const { client, user, login } = await person('lender');
    const answer = await boss.client.mutate('admin.users.revokeSessions', { id: user.id });
    expect(answer.data).toEqual({ revoked: 1 });
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    client.signedIn(await login());
    const { items } = (await client.query('auth.activity.list')).data as { items: object[] };
    expect(items).toContainEqual({
      at: expect.any(String),
      type: 'authn_token_revoked',
      ip: null,
      device: null,
    });
  });

  it('answer NOT_FOUND for an unknown user', async () => {
    const boss = await admin('boss');
    for (const name of ['disable', 'enable', 'revokeSessions']) {
      const { status, error } = await boss.client.mutate(`admin.users.${name}`, { id: 'nobody' });
      expect({ status, code: error?.data.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
    }
  });
});

describe('the last administrator', () => {
  it('cannot be disabled, neither by themselves nor by the only other one', async () => {
    const boss = await admin('boss');
    const self = await boss.client.mutate('admin.users.disable', { id: boss.user.id });
    expect(self).toMatchObject({ status: 403, error: { data: { code: 'FORBIDDEN' } } });
    const deputy = await admin('deputy');
    expect((await boss.client.mutate('admin.users.disable', { id: deputy.user.id })).status).toBe(200);
    expect((await list(boss.client)).items.map(({ disabled }) => disabled)).toEqual([false, true]);
  });

  it('remains when administrators disable one another at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, two, three] = [
        await admin(`a${round}x`),
        await admin(`b${round}x`),
        await admin(`c${round}x`),
      ];
      const disable = (by: typeof one, target: typeof one) =>
        by.client.mutate('admin.users.disable', { id: target.user.id });
      await Promise.all([disable(one, two), disable(two, three), disable(three, one), disable(two, one)]);
      const records = database.connection.collection('latchkey_users');
      expect(await records.countDocuments({ roles: 'admin', disabledAt: null })).toBeGreaterThan(0);
      await records.deleteMany({});
    }
  });

  it('is protected: the same call succeeds once there is another administrator', async () => {
    const [one, two] = [await admin('one'), await admin('two')];
    const records = database.connection.collection<{ _id: string }>('latchkey_users');
    // As after a crash of a server that was about to disable the administrator who acts here.
    await records.updateOne({ _id: one.user.id }, { $push: { disabling: 'crashed' } } as object);
    const disable = () => one.client.mutate('admin.users.disable', { id: two.user.id });
    expect(await disable()).toMatchObject({ status: 409, error: { data: { code: 'CONFLICT' } } });
    expect((await two.client.query('host.who')).status).toBe(200);
    const three = await admin('three');
    expect((await disable()).status).toBe(200);
    expect((await three.client.mutate('admin.users.enable', { id: one.user.id })).status).toBe(200);
    expect((await one.client.mutate('admin.users.disable', { id: three.user.id })).status).toBe(200);
  });
});

describe('a crash inside disable', () => {
  it.each([
    ['before the sessions are ended', { disabledAt: new Date() }],
    ['before anything but the intention', {}],
  ])('%s is repaired by repeating the call', async (_name, written) => {
    const boss = await admin('boss');
    const { client, user, login } = await person('halfway');
    const records = database.connection.collection<{ _id: string }>('latchkey_users');
    const half = { $set: { ...written, disabling: ['crashed'] }, $inc: { signInEpoch: 1 } };
    await records.updateOne({ _id: user.id }, half);
    expect((await client.query('host.who')).status).toBe(200);
    expect((await boss.client.mutate('admin.users.disable', { id: user.id })).status).toBe(200);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await login()).error?.data.reason).toBe('ACCOUNT_DISABLED');
    expect((await boss.client.mutate('admin.users.enable', { id: user.id })).status).toBe(200);
    expect(await records.findOne({ _id: user.id })).not.toHaveProperty('disabling');
    expect((await login()).error).toBeUndefined();
  });
});
