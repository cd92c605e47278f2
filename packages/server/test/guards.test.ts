import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createTestClient, PASSWORD } from './testClient.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const secrets = testSecrets();

const { database, server } = await useTestServer({ secrets });

let people = 0;
async function signedInClient(at = server) {
  people += 1;
  const client = createTestClient(at.url);
  const credentials = await client.register(`guest${people}`);
  return { client, credentials };
}

describe('protectedProcedure', () => {
  it('adds the session to the host’s context and keeps the host’s values', async () => {
    const { client, credentials } = await signedInClient();
    expect((await client.query('host.who')).data).toEqual({ userId: credentials.user.id, tenant: 'acme' });
  });

  it('T9: challenges without an error code where no token was sent', async () => {
    const answer = await createTestClient(server.url).query('host.who');
    expect(answer).toMatchObject({
      status: 401,
      error: { data: { code: 'UNAUTHORIZED', reason: 'TOKEN_MISSING' } },
    });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="latchkey"');
  });

  it('T9: answers invalid_token with the exact reason where a token was sent', async () => {
    const { client } = await signedInClient();
    const forged = await client.query('host.who', { authorization: `Bearer ${client.accessToken}x` });
    expect(forged.error?.data.reason).toBe('TOKEN_INVALID');
    expect(forged.headers.get('www-authenticate')).toContain('error="invalid_token"');
    server.clock.advance(15 * MINUTE);
    const expired = await client.query('host.who');
    expect(expired.error?.data.reason).toBe('TOKEN_EXPIRED');
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('T10: reads a token from the Authorization header only', async () => {
    const { client } = await signedInClient();
    const token = client.accessToken;
    client.accessToken = undefined;
    const answer = await client.query(`host.who?access_token=${token}`);
    expect(answer.error?.data.reason).toBe('TOKEN_MISSING');
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer ü',
    'Bearer a,Bearer b',
    `Bearer ${'x'.repeat(9_000)}`,
  ])('T11: answers a malformed Authorization header with 4xx: %.20s', async (authorization) => {
    const answer = await createTestClient(server.url).query('host.who', { authorization });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.error?.data.reason).toMatch(/^(VALIDATION|TOKEN_INVALID)$/);
  });

  it('T11: refuses two Authorization headers, of which Node shows one', async () => {
    const { client } = await signedInClient();
    const bearer = `Bearer ${client.accessToken}`;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(`${server.url}/trpc/host.who`, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.on('error', reject);
      outgoing.setHeader('authorization', [bearer, bearer]);
      outgoing.end();
    });
    expect(status).toBe(400);
  });

  it('runs no resolver for a refused call, and refuses each call of a batch by itself', async () => {
    const before = server.calls.count;
    const response = await createTestClient(server.url).send('host.open,host.who?batch=1&input={}');
    expect(response.status).toBe(207);
    const [open, who] = (await response.json()) as [{ result?: unknown }, { error?: { data: unknown } }];
    expect(open.result).toEqual({ data: 'open' });
    expect(who.error?.data).toMatchObject({ reason: 'TOKEN_MISSING' });
    expect(server.calls.count).toBe(before + 1);
  });

  it('E4: formats an unknown error without its message, and never with a stack', async () => {
    const { client } = await signedInClient();
    const masked = createTestClient(server.url, { prefix: '/masked' });
    masked.accessToken = client.accessToken;
    const broken = await masked.query('host.broken');
    expect(broken).toMatchObject({ status: 500, error: { data: { code: 'INTERNAL_SERVER_ERROR' } } });
    expect(JSON.stringify(broken.error)).not.toMatch(/secret detail|10\.0\.0\.7|stack|node_modules/);
    const ours = await client.query('auth.me', { authorization: 'Bearer x.y.z' });
    expect(JSON.stringify(ours.error)).not.toMatch(/stack|node_modules/);
  });
});

describe('revocation', () => {
  it('T8: refuses a session that ended on another node once the feed has polled', async () => {
    const connection = await database.connect();
    await using elsewhere = await startTestServer(connection, { secrets, clock: server.clock.now });
    const { client } = await signedInClient();
    const there = createTestClient(elsewhere.url);
    there.accessToken = client.accessToken;
    expect((await there.query('host.who')).status).toBe(200);
    await client.mutate('auth.logout');
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    await expect.poll(async () => (await there.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    await connection.destroy();
  });

  it('loads at the start what was revoked before', async () => {
    const { client } = await signedInClient();
    await client.mutate('auth.logout');
    await using late = await startTestServer(database.connection, { secrets, clock: server.clock.now });
    const there = createTestClient(late.url);
    there.accessToken = client.accessToken;
    expect((await there.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
  });

  it('T8: ends a stream when its session is revoked', async () => {
    const { client } = await signedInClient();
    const response = await client.send('host.ticks', { headers: { accept: 'text/event-stream' } });
    const text = response.text();
    await client.copy().mutate('auth.logout');
    expect(await text).toContain('"reason":"SESSION_REVOKED"');
  });

  it('ends a stream when its access token ends', async () => {
    await using brief = await startTestServer(database.connection, {
      accessToken: { lifetimeMs: 2_000 },
      clock: Date.now,
    });
    const { client } = await signedInClient(brief);
    const response = await client.send('host.ticks', { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toContain('"reason":"TOKEN_EXPIRED"');
  });

  it('sends no command to the database for a protected call', async () => {
    const { client } = await signedInClient();
    const commands: string[] = [];
    const connection = await database.connect();
    await using quiet = await startTestServer(connection, {
      secrets,
      clock: server.clock.now,
      revocation: { pollMs: 60_000 },
    });
    connection.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
    const there = createTestClient(quiet.url);
    there.accessToken = client.accessToken;
    for (let call = 0; call < 20; call++) expect((await there.query('host.who')).status).toBe(200);
    expect(commands).toEqual([]);
    await connection.destroy();
  });
});

describe('the other guards', () => {
  it('strictProcedure asks the database and refuses a session that has ended there', async () => {
    const connection = await database.connect();
    await using slow = await startTestServer(connection, {
      secrets,
      clock: server.clock.now,
      revocation: { pollMs: 60_000 },
    });
    const { client } = await signedInClient();
    const there = createTestClient(slow.url);
    there.accessToken = client.accessToken;
    expect((await there.query('host.strict')).data).toMatch(/^guest/);
    await client.mutate('auth.logout');
    expect((await there.query('host.who')).status).toBe(200);
    expect((await there.query('host.strict')).error?.data.reason).toBe('SESSION_REVOKED');
    await connection.destroy();
  });

  it('strictProcedure refuses by the present state of the database: a session that was shortened, a user who was removed', async () => {
    const shortened = await signedInClient();
    const removed = await signedInClient();
    const inFiveMinutes = new Date(server.clock.now() + 5 * MINUTE);
    await database.connection
      .collection('latchkey_sessions')
      .updateOne({ _id: shortened.credentials.session.id as never }, { $set: { expiresAt: inFiveMinutes } });
    await database.connection
      .collection('latchkey_users')
      .deleteOne({ _id: removed.credentials.user.id as never });
    expect((await shortened.client.query('host.strict')).status).toBe(200);
    expect((await removed.client.query('host.strict')).error?.data.reason).toBe('SESSION_REVOKED');
    server.clock.advance(5 * MINUTE);
    expect((await shortened.client.query('host.who')).status).toBe(200);
    expect((await shortened.client.query('host.strict')).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('recentProcedure asks for a new sign-in after a while', async () => {
    const { client, credentials } = await signedInClient();
    expect((await client.query('host.recent')).data).toBe('recent');
    server.clock.advance(6 * MINUTE);
    const stale = await client.query('host.recent');
    expect(stale.error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'STEP_UP_REQUIRED' });
    expect(stale.headers.get('www-authenticate')).toContain('max_age="300"');
    await client.refresh();
    expect((await client.query('host.recent')).error?.data.reason).toBe('STEP_UP_REQUIRED');
    const { username } = credentials.user;
    client.signedIn(await client.mutate('auth.login', { identifier: username, password: PASSWORD }));
    expect((await client.query('host.recent')).data).toBe('recent');
  });

  it('T12: roleProcedure accepts only people with the role', async () => {
    const { client, credentials } = await signedInClient();
    const refused = await client.query('host.admin');
    expect(refused.error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'ROLE_REQUIRED' });
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    const { id, username } = credentials.user;
    await database.connection
      .collection('latchkey_users')
      .updateOne({ _id: id as never }, { $set: { roles: ['admin'] } });
    client.signedIn(await client.mutate('auth.login', { identifier: username, password: PASSWORD }));
    expect((await client.query('host.admin')).data).toBe('admin');
  });
});

describe('access tokens in a cookie', () => {
  it('C3: are read under the same rule as the refresh cookie, and must agree with the header', async () => {
    await using cookies = await startTestServer(database.connection, {
      secrets,
      accessToken: { transport: 'cookie' },
    });
    people += 1;
    const client = createTestClient(cookies.url);
    const answer = await client.mutate('auth.register', {
      username: `guest${people}`,
      email: `guest${people}@example.com`,
      password: PASSWORD,
    });
    const cookie =
      answer.headers.getSetCookie().find((line) => line.startsWith('__Host-latchkey-access=')) ?? '';
    expect(cookie).toMatch(/; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const [pair = ''] = cookie.split(';');
    const ours = { cookie: pair, 'content-type': 'application/json', 'x-latchkey': '1' };
    expect((await client.query('host.who', ours)).status).toBe(200);
    expect((await client.query('host.who', { cookie: pair })).error?.data.reason).toBe('CSRF_REJECTED');
    const stream = { cookie: pair, accept: 'text/event-stream' };
    for (const foreign of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const refused = await client.send('host.ticks', { headers: { ...stream, ...foreign } });
      expect(await refused.text()).toContain('"reason":"CSRF_REJECTED"');
    }
    const other = await client.query('host.who', { ...ours, authorization: 'Bearer other' });
    expect(other).toMatchObject({ status: 400, error: { data: { reason: 'VALIDATION' } } });
    const out = await client.mutate('auth.logout', undefined, { cookie: pair });
    expect(
      out.headers.getSetCookie().some((line) => line.startsWith('__Host-latchkey-access=; Max-Age=0')),
    ).toBe(true);
    expect((await client.query('host.who', ours)).error?.data.reason).toBe('SESSION_REVOKED');
  });
});
