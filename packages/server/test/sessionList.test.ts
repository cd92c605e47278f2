import { describe, expect, it } from 'vitest';
import type { SessionInfo } from '../src/index.js';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const DAY = 24 * 60 * MINUTE;
const secrets = testSecrets();

const { database, server } = await useTestServer({ secrets });

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

let people = 0;
async function newPerson() {
  people += 1;
  const name = `holder${people}`;
  const client = createTestClient(server.url);
  const credentials = await client.register(name);
  return { name, client, credentials };
}

async function elsewhere(name: string, options: { userAgent?: string; remember?: boolean } = {}) {
  const { userAgent = 'curl/8.5.0', remember = false } = options;
  const client = createTestClient(server.url);
  const input = { identifier: name, password: PASSWORD, remember };
  const { session } = client.signedIn(await client.mutate('auth.login', input, { 'user-agent': userAgent }));
  return { client, id: session.id };
}

async function list(client: TestClient) {
  return (await client.query('auth.sessions.list')).data as SessionInfo[];
}

describe('auth.sessions.list', () => {
  it('S9: lists the live sessions of the caller, the latest used first, with readable devices', async () => {
    const { name, client, credentials } = await newPerson();
    server.clock.advance(MINUTE);
    const firefox = await elsewhere(name, { userAgent: FIREFOX, remember: true });
    await newPerson();
    const sessions = await list(client);
    expect(sessions).toEqual([
      {
        id: firefox.id,
        current: false,
        createdAt: new Date(server.clock.now()).toISOString(),
        lastUsedAt: new Date(server.clock.now()).toISOString(),
        expiresAt: new Date(server.clock.now() + 30 * DAY).toISOString(),
        ip: '127.0.0.1',
        device: { browser: 'Firefox', os: 'Windows', type: 'desktop' },
      },
      {
        id: credentials.session.id,
        current: true,
        createdAt: expect.stringMatching(/Z$/),
        lastUsedAt: expect.stringMatching(/Z$/),
        expiresAt: credentials.session.expiresAt,
        ip: '127.0.0.1',
        device: { browser: 'node', os: 'Unknown', type: 'unknown' },
      },
    ]);
    server.clock.advance(MINUTE);
    await client.refresh();
    const [latest] = await list(client);
    expect(latest).toMatchObject({
      id: credentials.session.id,
      current: true,
      lastUsedAt: new Date(server.clock.now()).toISOString(),
    });
    expect((await list(firefox.client)).find(({ current }) => current)?.id).toBe(firefox.id);
  });

  it('leaves out sessions that were signed out, are past their absolute end, or were idle for too long', async () => {
    const { name, client, credentials } = await newPerson();
    const left = await elsewhere(name);
    await left.client.mutate('auth.logout');
    expect((await list(client)).map(({ id }) => id)).toEqual([credentials.session.id]);
    server.clock.advance(DAY);
    const remembered = await elsewhere(name, { remember: true });
    expect((await list(remembered.client)).map(({ id }) => id)).toEqual([remembered.id]);
    server.clock.advance(7 * DAY);
    const last = await elsewhere(name);
    expect((await list(last.client)).map(({ id }) => id)).toEqual([last.id]);
  });

  it('T12: requires an access token and accepts no input', async () => {
    const anonymous = await createTestClient(server.url).query('auth.sessions.list');
    expect(anonymous.error?.data.reason).toBe('TOKEN_MISSING');
    const { client } = await newPerson();
    const answer = await client.query(
      `auth.sessions.list?input=${encodeURIComponent(JSON.stringify({ userId: 'another' }))}`,
    );
    expect(answer.error?.data).toMatchObject({ reason: 'VALIDATION' });
  });
});

describe('auth.sessions.revoke', () => {
  it('S9, T8: ends one session at once, its access token too, and can be repeated', async () => {
    const { name, client } = await newPerson();
    const other = await elsewhere(name);
    for (let time = 0; time < 2; time++) {
      expect((await client.mutate('auth.sessions.revoke', { id: other.id })).data).toEqual({ ok: true });
    }
    expect((await other.client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await other.client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.query('host.strict')).data).toBe(name);
  });

  it('T12: answers another person’s session as an unknown one, and leaves it alone', async () => {
    const { client } = await newPerson();
    const stranger = await newPerson();
    const theirs = await client.mutate('auth.sessions.revoke', { id: stranger.credentials.session.id });
    const unknown = await client.mutate('auth.sessions.revoke', { id: 'unknown' });
    expect(theirs).toMatchObject({ status: 404, error: { data: { code: 'NOT_FOUND' } } });
    expect(theirs.error).toEqual(unknown.error);
    expect((await stranger.client.query('host.strict')).data).toBe(stranger.name);
  });

  it('may end the caller’s own session', async () => {
    const { client, credentials } = await newPerson();
    const answer = await client.mutate('auth.sessions.revoke', { id: credentials.session.id });
    expect(answer.data).toEqual({ ok: true });
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
  });

  it.each([
    [{ id: { $ne: null } }, 'id'],
    [{ id: ['a'] }, 'id'],
    [{ id: 'a'.repeat(65) }, 'id'],
    [{ id: 'a\u0000' }, 'id'],
    [{ id: 'a', userId: 'b' }, 'userId'],
    [{}, 'id'],
  ])('D1, D2: refuses %j', async (input, field) => {
    const { client } = await newPerson();
    const { error } = await client.mutate('auth.sessions.revoke', input);
    expect(error?.data).toMatchObject({ reason: 'VALIDATION', fields: { [field]: [expect.any(String)] } });
  });
});

describe('auth.sessions.revokeOthers', () => {
  it('S9: ends all sessions except the caller’s and returns how many', async () => {
    const { name, client } = await newPerson();
    const others = [await elsewhere(name), await elsewhere(name)];
    expect((await client.mutate('auth.sessions.revokeOthers')).data).toEqual({ revoked: 2 });
    for (const other of others) {
      expect((await other.client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    }
    expect((await list(client)).map(({ current }) => current)).toEqual([true]);
    expect((await client.mutate('auth.sessions.revokeOthers', {})).data).toEqual({ revoked: 0 });
  });

  it('asks the database whether the caller’s own session is live', async () => {
    const connection = await database.connect();
    await using slow = await startTestServer(connection, {
      secrets,
      clock: server.clock.now,
      revocation: { pollMs: 60_000 },
    });
    const { name, client } = await newPerson();
    const other = await elsewhere(name);
    await client.copy().mutate('auth.logout');
    const answer = await client.copy(slow.url).mutate('auth.sessions.revokeOthers');
    expect(answer.error?.data.reason).toBe('SESSION_REVOKED');
    expect((await other.client.query('host.strict')).data).toBe(name);
    await connection.destroy();
  });
});
