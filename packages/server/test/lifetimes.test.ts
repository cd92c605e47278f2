import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Credentials } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const secrets = testSecrets();

const { database, server } = await useTestServer({ secrets }, { ttlIntervalMs: 20 });

let people = 0;
async function signedIn(options: { remember?: boolean } = {}, at = server) {
  people += 1;
  const client = createTestClient(at.url);
  const credentials = await client.register(`member${people}`, options);
  return { client, credentials, username: `member${people}`, userId: credentials.user.id };
}

async function signInElsewhere(username: string, at = server) {
  const client = createTestClient(at.url);
  client.signedIn(await client.mutate('auth.login', { identifier: username, password: PASSWORD }));
  return client;
}

function sessions() {
  return database.connection.collection('latchkey_sessions');
}

describe('the ends of a session', () => {
  it.each([
    ['S4, S5: 24 hours when it is not remembered', {}, DAY],
    ['S4, S5: 30 days when it is remembered', { remember: true }, 30 * DAY],
  ])('are fixed at sign-in: %s, however often it is refreshed', async (_name, options, lifetime) => {
    const { client, credentials } = await signedIn(options);
    const begin = server.clock.now();
    const step = lifetime / 10;
    for (let elapsed = step; elapsed < lifetime; elapsed += step) {
      server.clock.advance(step);
      const { data } = await client.refresh();
      expect(data).toMatchObject({ session: { expiresAt: credentials.session.expiresAt } });
    }
    server.clock.advance(begin + lifetime - 1 - server.clock.now());
    expect((await client.refresh()).status).toBe(200);
    server.clock.advance(1);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('S4: come to the millisecond after a week without a refresh, and each refresh starts the week again', async () => {
    const { client } = await signedIn({ remember: true });
    server.clock.advance(7 * DAY - 1);
    expect((await client.refresh()).status).toBe(200);
    server.clock.advance(7 * DAY - 1);
    expect((await client.refresh()).status).toBe(200);
    server.clock.advance(7 * DAY);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('S5: can be set to the NIST limits for two factors (24 hours, 1 hour idle), and an older cookie does not get round them', async () => {
    await using strict = await startTestServer(database.connection, {
      secrets,
      session: { idleMs: HOUR },
      refreshToken: { lifetimeMs: DAY },
    });
    const { client, credentials } = await signedIn({ remember: true }, strict);
    expect(Date.parse(credentials.session.expiresAt) - strict.clock.now()).toBe(DAY);
    strict.clock.advance(HOUR);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('S4: limit access tokens too', async () => {
    const { client } = await signedIn();
    for (let elapsed = 0; elapsed < 23; elapsed++) {
      server.clock.advance(HOUR);
      await client.refresh();
    }
    server.clock.advance(50 * MINUTE);
    const { expiresIn } = (await client.refresh()).data as Credentials;
    expect(expiresIn).toBe(600);
    server.clock.advance(10 * MINUTE);
    expect((await client.query('host.who')).error?.data.reason).toBe('TOKEN_EXPIRED');
  });

  it('D5: remove the session from the database', async () => {
    const index = (await sessions().indexes()).find(({ key }) => 'expiresAt' in key);
    expect(index).toMatchObject({ expireAfterSeconds: 0 });
    // MongoDB removes expired documents only once a minute: too slow for a test.
    if (!database.embedded) return;
    const { credentials } = await signedIn();
    const { id } = credentials.session;
    await sessions().updateOne({ _id: id as never }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    await expect.poll(() => sessions().findOne({ _id: id as never })).toBeNull();
  });
});

describe('what is stored', () => {
  it('S6: contains no refresh token and nothing that works as one', async () => {
    const { client, credentials } = await signedIn();
    await client.refresh();
    const dump = (
      await Promise.all(
        ['latchkey_sessions', 'latchkey_users'].map((name) =>
          database.connection.collection(name).find({}).toArray(),
        ),
      )
    ).flat();
    const [sid, generation, kid, secret = '', tag = ''] = client.jar?.split('.') ?? [];
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(dump)).not.toContain(secret);
    expect(JSON.stringify(dump)).not.toContain(tag);

    const stored = await sessions().findOne({ _id: credentials.session.id as never });
    const strings = [...new Set([...stringsIn(stored), ...stringsIn(dump)])].slice(0, 150);
    for (const value of strings) {
      for (const forged of [value, [sid, generation, kid, value, tag].join('.')]) {
        const thief = createTestClient(server.url);
        thief.jar = encodeURIComponent(forged);
        const answer = await thief.refresh();
        expect(answer.error?.data.reason, forged).toMatch(/^REFRESH_(INVALID|MISSING)$/);
      }
      const bearer = createTestClient(server.url);
      const authorization = `Bearer ${encodeURIComponent(value)}`;
      expect((await bearer.query('host.who', { authorization })).status, value).toBeGreaterThanOrEqual(400);
    }
    expect((await client.refresh()).status).toBe(200);
  });
});

describe('several sessions of one person', () => {
  it('S9: all end by endAll except the one to keep', async () => {
    const { client: kept, credentials, username, userId } = await signedIn();
    const others = [await signInElsewhere(username), await signInElsewhere(username)];
    const { client: stranger } = await signedIn();
    expect(await server.auth.sessions.endAll(userId, { except: credentials.session.id })).toBe(2);
    expect((await kept.query('host.strict')).status).toBe(200);
    expect((await kept.refresh()).status).toBe(200);
    expect((await stranger.refresh()).status).toBe(200);
    for (const other of others) {
      expect((await other.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
      expect((await other.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    }
    expect(await server.auth.sessions.endAll(userId)).toBe(1);
    expect(await server.auth.sessions.endAll(userId)).toBe(0);
    expect((await signInElsewhere(username)).jar).toBeDefined();
  });

  it('S9, T8: end when the account is disabled, which refuses sign-ins until it is enabled', async () => {
    const { client, username, userId } = await signedIn();
    expect(await server.auth.users.disable(userId)).toBe(true);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    const input = { identifier: username, password: PASSWORD };
    const refused = await createTestClient(server.url).mutate('auth.login', input);
    expect(refused.error?.data.reason).toBe('ACCOUNT_DISABLED');
    expect(await server.auth.users.disable(userId)).toBe(true);
    expect(await server.auth.users.enable(userId)).toBe(true);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await signInElsewhere(username)).jar).toBeDefined();
    expect(await server.auth.users.disable(randomBytes(18).toString('base64url'))).toBe(false);
  });

  it('S11: are limited: one more ends the least recently used, and signing in again in one browser ends no other', async () => {
    await using small = await startTestServer(database.connection, { secrets, session: { maxPerUser: 3 } });
    const { client: first, username } = await signedIn({}, small);
    const clients = [first];
    for (let more = 0; more < 2; more++) {
      small.clock.advance(MINUTE);
      clients.push(await signInElsewhere(username, small));
    }
    const [, second, third] = clients;
    small.clock.advance(MINUTE);
    expect((await first.refresh()).status).toBe(200);
    small.clock.advance(MINUTE);
    third?.signedIn(await third.mutate('auth.login', { identifier: username, password: PASSWORD }));
    for (const client of clients) expect((await client.query('host.strict')).status).toBe(200);

    small.clock.advance(MINUTE);
    const fourth = await signInElsewhere(username, small);
    expect((await second?.refresh())?.error?.data.reason).toBe('SESSION_REVOKED');
    for (const client of [first, third, fourth]) {
      expect((await client?.query('host.strict'))?.status).toBe(200);
      expect((await client?.refresh())?.status).toBe(200);
    }
    expect(await sessions().countDocuments({ revokedReason: 'limit' })).toBe(1);
  });

  it('S11: are limited to 100 by default, and the limit is at least one', async () => {
    const { username, userId } = await signedIn();
    for (let more = 1; more < 101; more++) await signInElsewhere(username);
    expect(await sessions().countDocuments({ userId, revokedAt: null })).toBe(100);
    await expect(startTestServer(database.connection, { session: { maxPerUser: 0 } })).rejects.toThrow(
      /maxPerUser/,
    );
  });
});

/** Every string anywhere in a value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
