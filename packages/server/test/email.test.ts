import { describe, expect, it } from 'vitest';
import type { Credentials, User } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { createTestMailbox } from './testMailbox.js';
import { MINUTE, ORIGIN, startTestServer } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const DAY = 24 * 60 * MINUTE;
const mailbox = createTestMailbox();

const { database, server } = await useTestServer({ mail: mailbox.mailer });

function anybody() {
  return createTestClient(server.url);
}

function verify(token: string) {
  return anybody().mutate('auth.email.verify', { token });
}

function sessions() {
  return database.connection.collection('latchkey_sessions');
}

let people = 0;
async function newPerson() {
  people += 1;
  const name = `reader${people}`;
  const client = createTestClient(server.url);
  const { user } = await client.register(name);
  return {
    name,
    client,
    user,
    email: `${name}@example.com`,
    newEmail: `${name}@new.example`,
    me: async () => (await client.query('auth.me')).data as User,
    /** The user in the answer of a refresh, which does not read the user. */
    refreshed: async () => ((await client.refresh()).data as Credentials).user,
    change: (email: unknown, password: unknown = PASSWORD) =>
      client.mutate('auth.email.change', { email, password }),
  };
}

describe('auth.email.requestVerification and verify', () => {
  it('verifies the address of the person who opens the link, once', async () => {
    const { client, email, me, refreshed } = await newPerson();
    expect((await client.mutate('auth.email.requestVerification')).data).toEqual({ ok: true });
    const { link } = await mailbox.mail(email, 'email_verification');
    expect(link).toMatch(new RegExp(`^${ORIGIN}/verify-email\\?token=[\\w-]{43}$`));
    expect((await me()).emailVerified).toBe(false);
    const token = await mailbox.token(email, 'email_verification');
    const answer = await verify(token);
    expect(answer.data).toEqual({ ok: true });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await me()).emailVerified).toBe(true);
    expect((await refreshed()).emailVerified).toBe(true);
    expect((await verify(token)).error?.data.reason).toBe('LINK_INVALID');
  });

  it('mails nothing when the address is already verified', async () => {
    const { client, email } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    await verify(await mailbox.token(email, 'email_verification'));
    expect((await client.mutate('auth.email.requestVerification')).data).toEqual({ ok: true });
    await anybody().mutate('auth.password.requestReset', { email });
    await mailbox.mail(email, 'password_reset');
    expect(mailbox.count(email, 'email_verification')).toBe(1);
  });

  it('L8: accepts one of ten uses at once', async () => {
    const { client, email } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    const token = await mailbox.token(email, 'email_verification');
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
  });

  it('L8: refuses the link after three days, and after a newer one was sent', async () => {
    const { client, email } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    const older = await mailbox.token(email, 'email_verification');
    await client.mutate('auth.email.requestVerification');
    const newer = await mailbox.token(email, 'email_verification', 2);
    expect((await verify(older)).error?.data.reason).toBe('LINK_INVALID');
    server.clock.advance(3 * DAY);
    expect((await verify(newer)).error?.data.reason).toBe('LINK_INVALID');
  });

  it('L8: refuses the link after the password was changed or reset', async () => {
    const { client, email, me } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    const token = await mailbox.token(email, 'email_verification');
    const change = { currentPassword: PASSWORD, newPassword: 'an owl on the fence' };
    client.signedIn(await client.mutate('auth.password.change', change));
    expect((await verify(token)).error?.data.reason).toBe('LINK_INVALID');
    expect((await me()).emailVerified).toBe(false);
  });

  it('L8: refuses the link after the stored address changed, even outside Latchkey', async () => {
    const { client, email, newEmail, user, me } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    const token = await mailbox.token(email, 'email_verification');
    const users = database.connection.collection('latchkey_users');
    await users.updateOne({ _id: user.id as never }, { $set: { email: newEmail } });
    expect((await verify(token)).error?.data.reason).toBe('LINK_INVALID');
    expect((await me()).emailVerified).toBe(false);
  });

  it('T12: requires a sign-in to ask for a link, and none to use it', async () => {
    const answer = await anybody().mutate('auth.email.requestVerification');
    expect(answer.error?.data.reason).toBe('TOKEN_MISSING');
    for (const token of ['', 'x'.repeat(129), { $ne: null }, ['a']]) {
      expect((await anybody().mutate('auth.email.verify', { token })).error?.data.reason).toBe('VALIDATION');
    }
    expect((await verify('unknown')).error?.data).toMatchObject({
      code: 'BAD_REQUEST',
      reason: 'LINK_INVALID',
    });
  });
});

describe('auth.email.change', () => {
  it('takes effect when the new address is verified, and notifies the old one before and after', async () => {
    const { name, email, newEmail, client, me, refreshed, change } = await newPerson();
    expect((await change(` ${newEmail.toUpperCase()} `)).data).toEqual({ ok: true });
    const { link } = await mailbox.mail(newEmail, 'email_change');
    expect(link).toMatch(new RegExp(`^${ORIGIN}/verify-email\\?token=[\\w-]{43}$`));
    const notice = await mailbox.mail(email, 'email_change_requested');
    expect(notice.text).toContain(newEmail);
    expect(notice.link).toBeUndefined();
    expect((await me()).email).toBe(email);

    const token = await mailbox.token(newEmail, 'email_change');
    expect((await verify(token)).data).toEqual({ ok: true });
    expect(await me()).toMatchObject({ email: newEmail, emailVerified: true });
    expect(await refreshed()).toMatchObject({ email: newEmail, emailVerified: true });
    expect((await mailbox.mail(email, 'email_changed')).text).toContain(newEmail);
    expect((await verify(token)).error?.data.reason).toBe('LINK_INVALID');
    const login = (identifier: string) => anybody().mutate('auth.login', { identifier, password: PASSWORD });
    expect((await login(newEmail)).error).toBeUndefined();
    expect((await login(email)).error?.data.reason).toBe('INVALID_CREDENTIALS');
    expect((await client.query('host.strict')).data).toBe(name);
  });

  it('S10: requires the password', async () => {
    const { newEmail, change } = await newPerson();
    expect((await change(newEmail, 'a wrong one')).error?.data).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
      fields: { password: [expect.any(String)] },
    });
    expect(mailbox.count(newEmail)).toBe(0);
  });

  it('S10: requires a recent sign-in', async () => {
    const { newEmail, client, change } = await newPerson();
    server.clock.advance(16 * MINUTE);
    await client.refresh();
    expect((await change(newEmail)).error?.data.reason).toBe('STEP_UP_REQUIRED');
  });

  it('refuses an address that is taken, and the person’s present one', async () => {
    const { email, change } = await newPerson();
    const other = await newPerson();
    expect((await change(other.email)).error?.data).toMatchObject({
      code: 'CONFLICT',
      reason: 'EMAIL_TAKEN',
      fields: { email: [expect.any(String)] },
    });
    expect((await change(email)).error?.data.reason).toBe('VALIDATION');
  });

  it('lets one of ten people who want the same address have it, and answers EMAIL_TAKEN to the others', async () => {
    const contenders = await Promise.all(Array.from({ length: 10 }, () => newPerson()));
    const wanted = `wanted${people}@new.example`;
    const tokens: string[] = [];
    for (const [index, { change }] of contenders.entries()) {
      expect((await change(wanted)).error).toBeUndefined();
      tokens.push(await mailbox.token(wanted, 'email_change', index + 1));
    }
    const answers = await Promise.all(tokens.map(verify));
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
    for (const { error } of answers) expect(error?.data.reason ?? 'EMAIL_TAKEN').toBe('EMAIL_TAKEN');
    const users = await Promise.all(contenders.map(({ me }) => me()));
    expect(users.filter(({ email }) => email === wanted)).toHaveLength(1);
  });

  it('L8: refuses the link of an earlier request, even if the link is still stored', async () => {
    const { name, user, newEmail, change, me } = await newPerson();
    const links = database.connection.collection('latchkey_links');
    const earlier = `${name}@earlier.example`;
    await change(earlier);
    const older = await mailbox.token(earlier, 'email_change');
    const left = await links.findOne({ userId: user.id });
    await change(newEmail);
    await verify(await mailbox.token(newEmail, 'email_change'));
    if (left !== null) await links.insertOne(left);
    expect((await verify(older)).error?.data.reason).toBe('LINK_INVALID');
    expect((await me()).email).toBe(newEmail);
  });

  it('L8: makes every older link void, for the old address and from earlier requests', async () => {
    const { client, email, newEmail, change, me } = await newPerson();
    await client.mutate('auth.email.requestVerification');
    await anybody().mutate('auth.password.requestReset', { email });
    await change(`first-${newEmail}`);
    await change(newEmail);
    const verification = await mailbox.token(email, 'email_verification');
    const reset = await mailbox.token(email, 'password_reset');
    const first = await mailbox.token(`first-${newEmail}`, 'email_change');
    expect((await verify(first)).error?.data.reason).toBe('LINK_INVALID');
    expect((await verify(await mailbox.token(newEmail, 'email_change'))).error).toBeUndefined();
    expect((await verify(verification)).error?.data.reason).toBe('LINK_INVALID');
    const input = { token: reset, newPassword: 'an owl on the fence' };
    expect((await anybody().mutate('auth.password.reset', input)).error?.data.reason).toBe('LINK_INVALID');
    expect((await me()).email).toBe(newEmail);
  });

  it('L8: refuses the link after a day, after a password change, and after the account was disabled', async () => {
    const late = await newPerson();
    await late.change(late.newEmail);
    const changed = await newPerson();
    await changed.change(changed.newEmail);
    const disabled = await newPerson();
    await disabled.change(disabled.newEmail);
    const token = ({ newEmail }: { newEmail: string }) => mailbox.token(newEmail, 'email_change');

    const password = { currentPassword: PASSWORD, newPassword: 'an owl on the fence' };
    await changed.client.mutate('auth.password.change', password);
    await server.auth.users.disable(disabled.user.id);
    expect((await verify(await token(changed))).error?.data.reason).toBe('LINK_INVALID');
    expect((await verify(await token(disabled))).error?.data.reason).toBe('LINK_INVALID');
    server.clock.advance(DAY);
    expect((await verify(await token(late))).error?.data.reason).toBe('LINK_INVALID');
  });

  it.each([
    'a@example.com,b@example.com',
    'a@example.com\r\nbcc: b@example.com',
    '"a@evil.example"@example.com',
    'nobody',
    ['a@example.com'],
    { $ne: null },
  ])('L12: refuses the address %j', async (address) => {
    const { change } = await newPerson();
    const { error } = await change(address);
    expect(error?.data).toMatchObject({ reason: 'VALIDATION', fields: { email: [expect.any(String)] } });
  });

  it('L12: refuses a username that is an e-mail address', async () => {
    const { email } = await newPerson();
    const input = { username: email, email: 'someone@new.example', password: PASSWORD };
    const answer = await anybody().mutate('auth.register', input);
    expect(answer.error?.data).toMatchObject({
      reason: 'VALIDATION',
      fields: { username: [expect.any(String)] },
    });
  });
});

describe('the user in the answers of a session', () => {
  it('follows changes of the user in every session', async () => {
    const { name, email, client, user } = await newPerson();
    const other = anybody();
    other.signedIn(await other.mutate('auth.login', { identifier: name, password: PASSWORD }));
    await client.mutate('auth.email.requestVerification');
    await verify(await mailbox.token(email, 'email_verification'));
    const stored = await sessions().find({ userId: user.id }).toArray();
    expect(stored.map((session) => session.user.emailVerified)).toEqual([true, true]);
    expect(((await other.refresh()).data as Credentials).user.emailVerified).toBe(true);
  });

  it('ends every session when the roles change, because access tokens carry them', async () => {
    const { name, client, user } = await newPerson();
    expect(await server.auth.users.setRoles(user.id, ['admin'])).toBe(true);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    const again = anybody();
    again.signedIn(await again.mutate('auth.login', { identifier: name, password: PASSWORD }));
    expect((await again.query('host.admin')).data).toBe('admin');
    expect(await server.auth.users.setRoles('nobody', ['admin'])).toBe(false);
  });
});

it('without mail: is refused with NOT_IMPLEMENTED', async () => {
  await using silent = await startTestServer(database.connection);
  const client = createTestClient(silent.url);
  await client.register('unmailed');
  for (const [path, input] of [
    ['auth.email.requestVerification', undefined],
    ['auth.email.change', { email: 'unmailed@new.example', password: PASSWORD }],
  ] as const) {
    expect(await client.mutate(path, input)).toMatchObject({
      status: 501,
      error: { message: 'This server sends no mail.', data: { code: 'NOT_IMPLEMENTED' } },
    });
  }
});
