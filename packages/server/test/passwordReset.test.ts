import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { holdCollections } from './holdCollections.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { openTestDatabase } from './testDatabase.js';
import { createTestMailbox } from './testMailbox.js';
import { MINUTE, ORIGIN, startTestServer } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const mailbox = createTestMailbox();

const { database, server } = await useTestServer({
  mail: mailbox.mailer,
  // One person gets more mails here than the limit allows.
  limits: { 'password-reset': { account: [] } },
});

const NEW_PASSWORD = 'seven herons in the fog';

function anybody() {
  return createTestClient(server.url);
}

function login(name: string, password: string) {
  return anybody().mutate('auth.login', { identifier: name, password });
}

function requestReset(email: string) {
  return anybody().mutate('auth.password.requestReset', { email });
}

function reset(token: string, newPassword = NEW_PASSWORD) {
  return anybody().mutate('auth.password.reset', { token, newPassword });
}

function links() {
  return database.connection.collection('latchkey_links');
}

let people = 0;
async function newPerson() {
  people += 1;
  const name = `forgetful${people}`;
  const email = `${name}@example.com`;
  const client = createTestClient(server.url);
  const { user } = await client.register(name);
  return { name, email, client, user };
}

async function newToken(email: string, nth = 1) {
  await requestReset(email);
  return mailbox.token(email, 'password_reset', nth);
}

describe('auth.password.requestReset', () => {
  it('L7: answers a known and an unknown address alike, and mails only to the known one', async () => {
    const { email } = await newPerson();
    const known = await requestReset(email);
    const unknown = await requestReset('nobody@example.com');
    const headersOf = ({ headers }: { headers: Headers }) => [...headers].filter(([name]) => name !== 'date');
    expect(known.data).toEqual({ ok: true });
    expect(unknown).toMatchObject({ status: known.status, data: known.data, error: known.error });
    expect(headersOf(unknown)).toEqual(headersOf(known));
    await mailbox.mail(email, 'password_reset');
    expect(mailbox.count('nobody@example.com')).toBe(0);
  });

  it('L7: answers before the mail is sent, however long that takes', async () => {
    let send = () => {};
    const sent = new Promise<void>((resolve) => {
      send = resolve;
    });
    await using slow = await startTestServer(database.connection, { mail: { send: () => sent } });
    const { email } = await newPerson();
    const client = createTestClient(slow.url);
    expect((await client.mutate('auth.password.requestReset', { email })).data).toEqual({ ok: true });
    send();
  });

  it('L7: answers a known and an unknown address before it looks for either', async () => {
    const { email } = await newPerson();
    const held = holdCollections('latchkey_users', 'latchkey_links');
    try {
      for (const address of [email, 'nobody@example.com'])
        expect((await requestReset(address)).data).toEqual({ ok: true });
      await expect.poll(held.count).toBe(2);
    } finally {
      held.release();
    }
    await mailbox.mail(email, 'password_reset');
  });

  it('L10: leaves password and sessions as they are', async () => {
    const { name, email, client } = await newPerson();
    await newToken(email);
    expect((await client.query('host.strict')).data).toBe(name);
    expect((await login(name, PASSWORD)).error).toBeUndefined();
  });

  it('L12: mails only to the normalised address, and refuses every other form', async () => {
    const { email } = await newPerson();
    expect((await requestReset(` ${email.toUpperCase()} `)).data).toEqual({ ok: true });
    expect((await mailbox.mail(email, 'password_reset')).to).toBe(email);
    const before = mailbox.mails.length;
    for (const shape of [
      `${email},evil@example.com`,
      [email, 'evil@example.com'],
      `${email}\r\nbcc: evil@example.com`,
      `"evil@example.com"@example.com`,
      { $ne: null },
    ]) {
      const answer = await anybody().mutate('auth.password.requestReset', { email: shape });
      expect(answer.error?.data.reason).toBe('VALIDATION');
    }
    expect(mailbox.mails.length).toBe(before);
  });

  it('L11: links to the configured address, whatever host the request names', async () => {
    const { email } = await newPerson();
    const { hostname, port } = new URL(server.url);
    await new Promise<void>((resolve, reject) => {
      const body = JSON.stringify({ email });
      const headers = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'content-type': 'application/json',
        'content-length': body.length,
      };
      const options = { hostname, port, path: '/trpc/auth.password.requestReset', method: 'POST', headers };
      request(options, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end(body);
    });
    const { link, text, html } = await mailbox.mail(email, 'password_reset');
    expect(link).toMatch(new RegExp(`^${ORIGIN}/reset-password\\?token=[\\w-]{43}$`));
    expect(text).toContain(link);
    expect(html).toContain(link);
    expect(text + html).not.toContain('evil');
  });
});

describe('auth.password.reset', () => {
  it('L10: sets the password, ends every session, signs nobody in and mails a notice without secrets', async () => {
    const { name, email, client } = await newPerson();
    const token = await newToken(email);
    const answer = await reset(token);
    expect(answer.data).toEqual({ ok: true });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await login(name, PASSWORD)).error?.data.reason).toBe('INVALID_CREDENTIALS');
    expect((await login(name, NEW_PASSWORD)).error).toBeUndefined();
    const { text, html, link } = await mailbox.mail(email, 'password_changed');
    expect(link).toBeUndefined();
    expect(text + html).not.toMatch(new RegExp(`${NEW_PASSWORD}|${token}`));
  });

  it('L8: stores only a hash of 256 random bits', async () => {
    const { email, user } = await newPerson();
    const token = await newToken(email);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const [stored, ...others] = await links().find({ userId: user.id }).toArray();
    expect(others).toEqual([]);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(stored?.tokenHash).toBe(createHash('sha256').update(token).digest('base64url'));
  });

  it('L8: accepts one of ten uses at once, and none afterwards', async () => {
    const { name, email } = await newPerson();
    const token = await newToken(email);
    const passwords = Array.from({ length: 10 }, (_, n) => `heron number ${n} at dawn`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    const winners = passwords.filter((_password, index) => answers[index]?.error === undefined);
    expect(winners).toHaveLength(1);
    for (const { error } of answers) expect(error?.data.reason ?? 'LINK_INVALID').toBe('LINK_INVALID');
    expect((await login(name, winners[0] ?? '')).error).toBeUndefined();
    expect((await reset(token)).error?.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'LINK_INVALID' });
  });

  it('L8: refuses a link after half an hour', async () => {
    const { email } = await newPerson();
    const early = await newToken(email);
    server.clock.advance(30 * MINUTE - 1);
    expect((await reset(early)).error).toBeUndefined();
    const late = await newToken(email, 2);
    server.clock.advance(30 * MINUTE);
    expect((await reset(late)).error?.data.reason).toBe('LINK_INVALID');
  });

  it('L8: refuses a link after a newer one was sent', async () => {
    const { email } = await newPerson();
    const older = await newToken(email);
    const newer = await newToken(email, 2);
    expect((await reset(older)).error?.data.reason).toBe('LINK_INVALID');
    expect((await reset(newer)).error).toBeUndefined();
  });

  it('L8: refuses a link after the password was changed', async () => {
    const { email, client } = await newPerson();
    const token = await newToken(email);
    const change = { currentPassword: PASSWORD, newPassword: 'an owl on the fence' };
    expect((await client.mutate('auth.password.change', change)).error).toBeUndefined();
    expect((await reset(token)).error?.data.reason).toBe('LINK_INVALID');
  });

  it('L8: refuses a link after the password was changed, even if the link is still stored', async () => {
    const { email, client, user } = await newPerson();
    const token = await newToken(email);
    const left = await links().findOne({ userId: user.id });
    await client.mutate('auth.password.change', {
      currentPassword: PASSWORD,
      newPassword: 'an owl on a fence',
    });
    if (left !== null) await links().insertOne(left);
    expect((await reset(token)).error?.data.reason).toBe('LINK_INVALID');
  });

  it('L9: refuses the token of every other purpose', async () => {
    const { email, client } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    expect((await client.mutate('auth.email.requestVerification')).data).toEqual({ ok: true });
    await client.mutate('auth.email.change', { email: `new-${email}`, password: PASSWORD });
    const others = [
      await mailbox.token(email, 'email_verification'),
      await mailbox.token(`new-${email}`, 'email_change'),
      client.jar ?? '',
      (client.accessToken ?? '').slice(0, 128),
      '',
      '🦉',
    ];
    for (const token of others) {
      const answer = await reset(token);
      expect(answer.status).toBe(400);
      expect(answer.error?.data.reason).toMatch(/^(LINK_INVALID|VALIDATION)$/);
    }
    const resetToken = await newToken(email);
    const verify = await anybody().mutate('auth.email.verify', { token: resetToken });
    expect(verify.error?.data.reason).toBe('LINK_INVALID');
    const asRefresh = createTestClient(server.url);
    asRefresh.jar = resetToken;
    expect((await asRefresh.refresh()).error?.data.reason).toBe('REFRESH_INVALID');
    const asAccess = await anybody().query('host.who', { authorization: `Bearer ${resetToken}` });
    expect(asAccess.error?.data.reason).toBe('TOKEN_INVALID');
    expect((await reset(resetToken)).error, 'it was not used up by any of these').toBeUndefined();
  });

  it.each([
    ['P1: one code point too short', 'xxxxxx7', 'VALIDATION'],
    ['P2: longer than 256 code points', 'x'.repeat(257), 'VALIDATION'],
    ['P6: one of the most used', 'iloveyou', 'PASSWORD_TOO_COMMON'],
    ['P7: the app’s name', 'latchkey1', 'PASSWORD_TOO_COMMON'],
  ])('refuses a new password and keeps the link usable: %s', async (_name, newPassword, reason) => {
    const { email } = await newPerson();
    const token = await newToken(email);
    const answer = await reset(token, newPassword);
    expect(answer.error?.data).toMatchObject({ reason, fields: { newPassword: [expect.any(String)] } });
    expect((await reset(token)).error).toBeUndefined();
  });

  it.each([
    ['P1: the shortest allowed', 'q7#kd0zw'],
    ['P2: 64 four-byte emoji', '🦉'.repeat(64)],
    ['P5: lower-case letters alone', 'plumorchardfogs'],
  ])('accepts a new password: %s', async (_name, newPassword) => {
    const { name, email } = await newPerson();
    expect((await reset(await newToken(email), newPassword)).error).toBeUndefined();
    expect((await login(name, newPassword)).error).toBeUndefined();
  });

  it('keeps a disabled account disabled, and refuses links from before', async () => {
    const { name, email, user } = await newPerson();
    const before = await newToken(email);
    await server.auth.users.disable(user.id);
    expect((await reset(before)).error?.data.reason).toBe('LINK_INVALID');
    expect((await reset(await newToken(email, 2))).error).toBeUndefined();
    expect((await login(name, NEW_PASSWORD)).error?.data.reason).toBe('ACCOUNT_DISABLED');
  });
});

it('without mail: gives known and unknown addresses the same refusal', async () => {
  await using silent = await startTestServer(database.connection);
  const { email } = await newPerson();
  for (const address of [email, 'nobody@example.com']) {
    const client = createTestClient(silent.url);
    const answer = await client.mutate('auth.password.requestReset', { email: address });
    expect(answer).toMatchObject({
      status: 501,
      error: { message: 'This server sends no mail.', data: { code: 'NOT_IMPLEMENTED' } },
    });
  }
});

it('D5: lets the database remove expired links', async () => {
  const indexes = await links().indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  const open = await openTestDatabase({ ttlIntervalMs: 20 });
  await using swept = await startTestServer(open.connection, { mail: mailbox.mailer });
  const client = createTestClient(swept.url);
  await client.register('swept');
  await client.mutate('auth.password.requestReset', { email: 'swept@example.com' });
  await mailbox.mail('swept@example.com', 'password_reset');
  const stored = open.connection.collection('latchkey_links');
  expect(await stored.countDocuments()).toBe(1);
  await stored.updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
  // MongoDB removes expired documents only once a minute: too slow for a test.
  if (open.embedded) await expect.poll(() => stored.countDocuments()).toBe(0);
  await open[Symbol.asyncDispose]();
});
