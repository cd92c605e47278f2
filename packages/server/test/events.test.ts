import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAuthEvents, EVENTS } from '../src/events/authEvents.js';
import { presentUntilCaught } from './presentUntilCaught.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const secrets = testSecrets();
const { database, server } = await useTestServer({ secrets });
beforeEach(() => {
  server.events.length = 0;
});

function typesOf() {
  return server.events.map(({ type }) => type);
}

async function person(name: string) {
  const client = createTestClient(server.url);
  const credentials = await client.register(name);
  return { client, credentials };
}

describe('E1: events', () => {
  it('cover an account from registration to sign-out: time, user, address, outcome', async () => {
    const { client, credentials } = await person('lifer');
    server.clock.advance(MINUTE);
    await client.refresh();
    await client.mutate('auth.logout');
    client.signedIn(await client.mutate('auth.login', { identifier: 'lifer', password: PASSWORD }));
    await client.mutate('auth.login', { identifier: 'lifer', password: 'wrong' });
    expect(typesOf()).toEqual([
      'user_created',
      'session_created',
      'session_renewed',
      'session_logout',
      'authn_login_success',
      'session_created',
      'authn_login_fail',
    ]);
    for (const event of server.events) {
      expect(event).toMatchObject({ userId: credentials.user.id, ip: '127.0.0.1' });
      expect(event.outcome).toBe(event.type === 'authn_login_fail' ? 'failure' : 'success');
      expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(Date.parse(server.events[2]?.at ?? '')).toBe(server.clock.now());
  });

  it('name no account when there is none, and never quote what was typed', async () => {
    await createTestClient(server.url).mutate('auth.login', { identifier: 'hunter2', password: 'hunter3' });
    expect(server.events).toEqual([
      {
        type: 'authn_login_fail',
        outcome: 'failure',
        at: expect.any(String),
        ip: '127.0.0.1',
        detail: 'INVALID_CREDENTIALS',
      },
    ]);
  });

  it('report a theft, the session that it ends, and later uses of that session', async () => {
    const { client, credentials } = await person('victim');
    const thief = client.copy();
    await client.refresh();
    await client.query('host.who');
    await presentUntilCaught(thief, server);
    await client.refresh();
    await client.query('host.who');
    const about = { userId: credentials.user.id, session: server.events[1]?.session, ip: '127.0.0.1' };
    expect(about.session).toMatch(/^[\w-]{16}$/);
    expect(server.events.slice(-4)).toMatchObject([
      { ...about, type: 'authn_token_reuse', outcome: 'failure' },
      { ...about, type: 'authn_token_revoked', detail: 'reuse' },
      { ...about, type: 'session_use_after_expire' },
      { ...about, type: 'session_use_after_expire' },
    ]);
  });

  it('report the use of an expired session', async () => {
    const { client, credentials } = await person('sleeper');
    server.clock.advance(25 * 60 * MINUTE);
    await client.refresh();
    expect(server.events.at(-1)).toMatchObject({
      type: 'session_expired',
      userId: credentials.user.id,
      session: server.events[1]?.session,
    });
  });

  it.each([
    ['authz_fail', 'TOKEN_MISSING', { path: 'host.who', headers: {} }],
    ['authz_fail', 'TOKEN_INVALID', { path: 'host.who', headers: { authorization: 'Bearer a.b.c' } }],
    ['input_validation_fail', 'VALIDATION', { path: 'host.who', headers: { authorization: 'Bearer ü' } }],
  ])('%s reports a refusal with %s', async (type, detail, { path, headers }) => {
    await createTestClient(server.url).query(path, headers);
    expect(server.events).toMatchObject([{ type, detail, outcome: 'failure', ip: '127.0.0.1' }]);
  });

  it('report refused input with its user, in the host’s procedures too, and quote none of it', async () => {
    const { client, credentials } = await person('typist');
    await client.mutate('host.write', { text: 'fine', hunter2: 'hunter2' });
    await client.mutate('auth.register', { username: 'hunter2 ', email: 'x', password: 'hunter2' });
    const refusals = server.events.slice(2);
    expect(refusals).toMatchObject([
      { type: 'input_validation_fail', userId: credentials.user.id, detail: 'VALIDATION' },
      { type: 'input_validation_fail', detail: 'VALIDATION' },
    ]);
    expect(JSON.stringify(server.events)).not.toContain('hunter2');
  });

  it('C4: report a request from another origin', async () => {
    const evil = { origin: 'https://evil.example' };
    const login = { identifier: 'a', password: 'b' };
    await createTestClient(server.url).mutate('auth.login', login, evil);
    expect(server.events).toMatchObject([{ type: 'malicious_csrf', detail: 'CSRF_REJECTED' }]);
  });

  it('leave out what is ordinary: an expired access token, a browser without a session', async () => {
    const { client } = await person('ordinary');
    server.events.length = 0;
    server.clock.advance(16 * MINUTE);
    expect((await client.query('host.who')).error?.data.reason).toBe('TOKEN_EXPIRED');
    expect((await createTestClient(server.url).refresh()).error?.data.reason).toBe('REFRESH_MISSING');
    expect(server.events).toEqual([]);
  });

  it('E2: identify a session by a keyed hash, the same on every node and different elsewhere', async () => {
    const connection = await database.connect();
    await using node = await startTestServer(connection, { secrets, clock: server.clock.now });
    await using stranger = await startTestServer(connection, { clock: server.clock.now });
    const { client, credentials } = await person('hashed');
    server.clock.advance(MINUTE);
    await client.copy(node.url).refresh();
    const [, created] = server.events;
    expect(node.events[0]).toMatchObject({ type: 'session_renewed', session: created?.session });
    await stranger.auth.sessions.endAll(credentials.user.id);
    expect(stranger.events[0]).toMatchObject({ type: 'authn_token_revoked', session: expect.any(String) });
    expect(stranger.events[0]?.session).not.toBe(created?.session);
    const reported = JSON.stringify([server.events, node.events, stranger.events]);
    expect(reported).not.toContain(credentials.session.id);
    await connection.destroy();
  });

  it('never break a request: an error in the listener becomes a warning', () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const events = createAuthEvents({
      listener: () => {
        throw new Error('listener is broken');
      },
      record: () => {},
      clock: Date.now,
      secret: 'x'.repeat(32),
    });
    expect(() => events.emit('user_created')).not.toThrow();
    return expect(warned).resolves.toMatchObject({ message: 'listener is broken' });
  });
});

it('E1: the README lists every event with its outcome, and whether it is activity', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (success|failure) \| (yes|) ?\|/gm)];
  const listed = rows.map(([, type, outcome, shown]) => ({ type, outcome, activity: shown === 'yes' }));
  expect(listed).toEqual(Object.entries(EVENTS).map(([type, kind]) => ({ type, ...kind })));
});
