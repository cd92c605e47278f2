import { describe, expect, it } from 'vitest';
import { createTestClient, PASSWORD } from './testClient.js';
import { createTestMailbox } from './testMailbox.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const secrets = testSecrets();
const mailbox = createTestMailbox();

const { database, server } = await useTestServer({ secrets, mail: mailbox.mailer });

let people = 0;
async function newPerson() {
  people += 1;
  const name = `leaver${people}`;
  const client = createTestClient(server.url);
  const { user } = await client.register(name);
  return { name, email: `${name}@example.com`, client, user };
}

function login(name: string) {
  return createTestClient(server.url).mutate('auth.login', { identifier: name, password: PASSWORD });
}

describe('auth.account.delete', () => {
  it('D5, S9: removes the user, every session and every link, and frees the name', async () => {
    const { name, email, client, user } = await newPerson();
    const other = createTestClient(server.url);
    other.signedIn(await other.mutate('auth.login', { identifier: name, password: PASSWORD }));
    await client.mutate('auth.email.requestVerification');
    const token = await mailbox.token(email, 'email_verification');
    expect((await client.mutate('auth.account.delete', { password: PASSWORD })).data).toEqual({ ok: true });

    for (const device of [client, other]) {
      expect((await device.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
      expect((await device.query('auth.me')).error?.data.reason).toBe('SESSION_REVOKED');
      expect((await device.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    }
    expect((await login(name)).error?.data.reason).toBe('INVALID_CREDENTIALS');
    const verify = await client.mutate('auth.email.verify', { token });
    expect(verify.error?.data.reason).toBe('LINK_INVALID');
    const collection = (of: string) => database.connection.collection(of);
    expect(await collection('latchkey_users').countDocuments({ _id: user.id as never })).toBe(0);
    expect(await collection('latchkey_links').countDocuments({ userId: user.id })).toBe(0);
    await mailbox.mail(email, 'account_deleted');
    expect((await createTestClient(server.url).register(name)).user.id).not.toBe(user.id);
  });

  it('T8: makes every node refuse the access token, also one that starts later', async () => {
    const connection = await database.connect();
    const shared = { secrets, clock: server.clock.now };
    await using there = await startTestServer(connection, shared);
    const { client } = await newPerson();
    const elsewhere = client.copy(there.url);
    expect((await elsewhere.query('host.who')).status).toBe(200);
    await client.mutate('auth.account.delete', { password: PASSWORD });
    await expect
      .poll(async () => (await elsewhere.query('host.who')).error?.data.reason)
      .toBe('SESSION_REVOKED');
    await using late = await startTestServer(connection, shared);
    expect((await client.copy(late.url).query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    await connection.destroy();
  });

  it('D5: keeps the ended sessions for as long as an access token lives, without personal data', async () => {
    const { name, email, client, user } = await newPerson();
    await client.mutate('auth.account.delete', { password: PASSWORD });
    const kept = await database.connection
      .collection('latchkey_sessions')
      .find({ userId: user.id })
      .toArray();
    expect(kept).toHaveLength(1);
    for (const session of kept) {
      expect(JSON.stringify(session)).not.toMatch(new RegExp(`${name}|${email}|127\\.0\\.0\\.1`));
      const keptFor = session.expiresAt.getTime() - server.clock.now();
      expect(keptFor).toBeGreaterThan(15 * MINUTE);
      expect(keptFor).toBeLessThanOrEqual(16 * MINUTE);
    }
  });

  it('S10: requires the password and a recent sign-in', async () => {
    const { name, client } = await newPerson();
    const wrong = await client.mutate('auth.account.delete', { password: 'a wrong one' });
    expect(wrong.error?.data).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
      fields: { password: [expect.any(String)] },
    });
    expect((await client.mutate('auth.account.delete')).error?.data.code).toBe('BAD_REQUEST');
    server.clock.advance(16 * MINUTE);
    await client.refresh();
    const late = await client.mutate('auth.account.delete', { password: PASSWORD });
    expect(late.error?.data.reason).toBe('STEP_UP_REQUIRED');
    expect((await login(name)).error).toBeUndefined();
  });

  it('leaves no session for a sign-in at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      const { name, client, user } = await newPerson();
      const elsewhere = createTestClient(server.url);
      const [, answer] = await Promise.all([
        client.mutate('auth.account.delete', { password: PASSWORD }),
        elsewhere.mutate('auth.login', { identifier: name, password: PASSWORD }),
      ]);
      if (answer.error === undefined) elsewhere.signedIn(answer);
      const live = { userId: user.id, revokedAt: null };
      expect(await database.connection.collection('latchkey_sessions').countDocuments(live)).toBe(0);
      expect((await elsewhere.query('host.strict')).error).toBeDefined();
    }
  });
});
