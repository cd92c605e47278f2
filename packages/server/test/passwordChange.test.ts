import { describe, expect, it } from 'vitest';
import type { Credentials } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { createTestMailbox } from './testMailbox.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const secrets = testSecrets();
const mailbox = createTestMailbox();

const { database, server } = await useTestServer({ secrets, mail: mailbox.mailer });

const NEW_PASSWORD = 'seven herons in the fog';
const CHANGE = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

let people = 0;
async function newPerson(options: { remember?: boolean } = {}) {
  people += 1;
  const name = `changer${people}`;
  const client = createTestClient(server.url);
  const credentials = await client.register(name, options);
  return { name, email: `${name}@example.com`, client, credentials };
}

async function elsewhere(name: string, password = PASSWORD, at = server) {
  const client = createTestClient(at.url);
  client.signedIn(await client.mutate('auth.login', { identifier: name, password }));
  return client;
}

function login(name: string, password: string) {
  return createTestClient(server.url).mutate('auth.login', { identifier: name, password });
}

describe('auth.password.change', () => {
  it('S7, P8: takes the current and a new password, and replaces the session that asks by a new one', async () => {
    const { name, client, credentials } = await newPerson();
    const before = client.copy();
    const answer = await client.mutate('auth.password.change', CHANGE);
    expect(answer.data).toEqual({
      user: credentials.user,
      session: { id: expect.any(String), generation: 0, expiresAt: expect.stringMatching(/Z$/) },
      accessToken: expect.any(String),
      expiresIn: 900,
    });
    const after = client.signedIn(answer);
    expect(after.session.id).not.toBe(credentials.session.id);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-latchkey-refresh=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await client.query('host.strict')).data).toBe(name);
    expect((await client.refresh()).error).toBeUndefined();
    expect((await before.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await before.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await login(name, PASSWORD)).error?.data.reason).toBe('INVALID_CREDENTIALS');
    expect((await login(name, NEW_PASSWORD)).error).toBeUndefined();
  });

  it('T8, S10: ends the other sessions at once, their access tokens too, on every node', async () => {
    const connection = await database.connect();
    await using there = await startTestServer(connection, { secrets, clock: server.clock.now });
    const { name, client } = await newPerson();
    const here = await elsewhere(name);
    const onTheOtherNode = await elsewhere(name, PASSWORD, there);
    client.signedIn(await client.mutate('auth.password.change', CHANGE));
    expect((await here.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await here.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await onTheOtherNode.query('host.strict')).error?.data.reason).toBe('SESSION_REVOKED');
    await expect
      .poll(async () => (await onTheOtherNode.query('host.who')).error?.data.reason)
      .toBe('SESSION_REVOKED');
    expect((await client.query('host.who')).status).toBe(200);
    await connection.destroy();
  });

  it('S10: keeps the other sessions when asked to', async () => {
    const { name, client } = await newPerson();
    const other = await elsewhere(name);
    const presented = client.copy();
    client.signedIn(await client.mutate('auth.password.change', { ...CHANGE, revokeOthers: false }));
    expect((await other.query('host.strict')).data).toBe(name);
    expect((await other.refresh()).error).toBeUndefined();
    expect((await presented.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
  });

  it('keeps a remembered session remembered', async () => {
    for (const remember of [true, false]) {
      const { client } = await newPerson({ remember });
      const answer = await client.mutate('auth.password.change', CHANGE);
      expect(answer.headers.getSetCookie()[0]?.includes('Max-Age=2592000')).toBe(remember);
    }
  });

  it('counts as a new sign-in for step-up', async () => {
    const { client } = await newPerson();
    server.clock.advance(10 * MINUTE);
    await client.refresh();
    expect((await client.query('host.recent')).error?.data.reason).toBe('STEP_UP_REQUIRED');
    client.signedIn(await client.mutate('auth.password.change', CHANGE));
    expect((await client.query('host.recent')).data).toBe('recent');
  });

  it('P8: refuses a wrong current password, and changes nothing', async () => {
    const { name, client } = await newPerson();
    const events = server.events.length;
    const answer = await client.mutate('auth.password.change', { ...CHANGE, currentPassword: NEW_PASSWORD });
    expect(answer.error?.data).toMatchObject({
      code: 'UNAUTHORIZED',
      reason: 'INVALID_CREDENTIALS',
      fields: { currentPassword: [expect.any(String)] },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await client.query('host.strict')).data).toBe(name);
    expect((await login(name, PASSWORD)).error).toBeUndefined();
    expect(server.events.slice(events).map(({ type }) => type)).toContain('authn_password_change_fail');
  });

  it.each([
    ['P1: one code point too short', 'xxxxxx7', 'VALIDATION'],
    ['P2: longer than 256 code points', 'x'.repeat(257), 'VALIDATION'],
    ['P6: one of the most used', 'iloveyou', 'PASSWORD_TOO_COMMON'],
    ['P7: the app’s name', 'latchkey1', 'PASSWORD_TOO_COMMON'],
    ['D1: no text', { $ne: null }, 'VALIDATION'],
  ])('refuses a new password: %s', async (_name, newPassword, reason) => {
    const { name, client } = await newPerson();
    const answer = await client.mutate('auth.password.change', { ...CHANGE, newPassword });
    expect(answer.error?.data).toMatchObject({ reason, fields: { newPassword: [expect.any(String)] } });
    expect((await login(name, PASSWORD)).error).toBeUndefined();
  });

  it('P7: refuses a new password made of the username or the e-mail address', async () => {
    const { name, client } = await newPerson();
    for (const newPassword of [`${name}!`, `${name}@example.com`]) {
      const answer = await client.mutate('auth.password.change', { ...CHANGE, newPassword });
      expect(answer.error?.data.reason).toBe('PASSWORD_TOO_COMMON');
    }
  });

  it.each([
    ['P1: the shortest allowed', 'q7#kd0zw'],
    ['P2: 64 four-byte emoji', '🦉'.repeat(64)],
    ['P5: lower-case letters alone', 'plumorchardfogs'],
    ['P4: spaces at both ends', '  a heron at dusk  '],
  ])('accepts a new password: %s', async (_name, newPassword) => {
    const { name, client } = await newPerson();
    expect((await client.mutate('auth.password.change', { ...CHANGE, newPassword })).error).toBeUndefined();
    expect((await login(name, newPassword)).error).toBeUndefined();
    expect((await login(name, newPassword.trim().slice(0, -2))).error).toBeDefined();
  });

  it('P3: takes every byte of a long new password into account', async () => {
    const { name, client } = await newPerson();
    const newPassword = `${'heron '.repeat(12)}`;
    await client.mutate('auth.password.change', { ...CHANGE, newPassword });
    expect((await login(name, `${newPassword}X`)).error?.data.reason).toBe('INVALID_CREDENTIALS');
  });

  it('mails a notice without secrets', async () => {
    const { email, client } = await newPerson();
    await client.mutate('auth.password.change', CHANGE);
    const { link, text, html } = await mailbox.mail(email, 'password_changed');
    expect(link).toBeUndefined();
    expect(text + html).not.toContain(NEW_PASSWORD);
    expect(text + html).not.toContain('token');
  });

  it('C3, C4: follows the rule for procedures that set a cookie', async () => {
    const { name, client } = await newPerson();
    const refused: Record<string, string>[] = [
      { 'x-latchkey': '' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      const answer = await client.mutate('auth.password.change', CHANGE, headers);
      expect(answer.error?.data, JSON.stringify(headers)).toMatchObject({
        code: 'FORBIDDEN',
        reason: 'CSRF_REJECTED',
      });
    }
    const streamed = await client.send('auth.password.change?batch=1', {
      method: 'POST',
      body: JSON.stringify({ 0: CHANGE }),
      headers: { 'content-type': 'application/json', 'x-latchkey': '1', 'trpc-accept': 'application/jsonl' },
    });
    expect(await streamed.text()).toContain('STREAM_NOT_ALLOWED');
    expect((await login(name, PASSWORD)).error).toBeUndefined();
  });

  it('requires a session that is live in the database, whatever the node knows', async () => {
    const connection = await database.connect();
    await using slow = await startTestServer(connection, {
      secrets,
      clock: server.clock.now,
      revocation: { pollMs: 60_000 },
    });
    const { client } = await newPerson();
    await client.copy().mutate('auth.logout');
    const there = client.copy(slow.url);
    const answer = await there.mutate('auth.password.change', CHANGE);
    expect(answer.error?.data.reason).toBe('SESSION_REVOKED');
    const anonymous = createTestClient(server.url);
    expect((await anonymous.mutate('auth.password.change', CHANGE)).error?.data.reason).toBe('TOKEN_MISSING');
    await connection.destroy();
  });

  it('returns the refresh token in the body to a client without a cookie jar', async () => {
    const { client, credentials } = await newPerson();
    client.jar = undefined;
    const answer = await client.mutate('auth.password.change', CHANGE, { 'x-latchkey-transport': 'body' });
    const { refreshToken, session } = answer.data as Credentials;
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(session.id).not.toBe(credentials.session.id);
    client.jar = refreshToken;
    expect((await client.refresh()).error).toBeUndefined();
    const browser = { 'x-latchkey-transport': 'body', origin: 'http://localhost:3000' };
    const refused = await client.mutate('auth.password.change', CHANGE, browser);
    expect(refused.error?.data.reason).toBe('CSRF_REJECTED');
  });

  it('lets one of two parallel changes win', async () => {
    const { name, client } = await newPerson();
    const passwords = ['a first heron at dawn', 'a second heron at dawn'];
    const answers = await Promise.all(
      passwords.map((newPassword) =>
        client.copy().mutate('auth.password.change', { ...CHANGE, newPassword }),
      ),
    );
    const winners = passwords.filter((_password, index) => answers[index]?.error === undefined);
    expect(winners).toHaveLength(1);
    expect(answers.flatMap(({ error }) => error?.data.reason ?? [])).toEqual(['SESSION_REVOKED']);
    for (const password of passwords) {
      expect((await login(name, password)).error === undefined).toBe(winners.includes(password));
    }
  });
});
