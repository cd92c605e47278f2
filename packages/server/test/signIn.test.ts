import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { startTestServer, type TestServer } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const { database, server } = await useTestServer();

function client() {
  return createTestClient(server.url);
}

function account(username: string, changes: Record<string, unknown> = {}) {
  return {
    username,
    email: `${username}@example.com`,
    password: PASSWORD,
    ...changes,
  };
}

describe('register', () => {
  it('creates a user, signs in and sets the cookie as the contract says', async () => {
    const answer = await client().mutate('auth.register', account('Rosa.Lind'));
    expect(answer.data).toEqual({
      user: {
        id: expect.stringMatching(/^[\w-]{24}$/),
        username: 'Rosa.Lind',
        email: 'rosa.lind@example.com',
        emailVerified: false,
        roles: [],
        createdAt: expect.stringMatching(/Z$/),
      },
      session: { id: expect.any(String), generation: 0, expiresAt: expect.stringMatching(/Z$/) },
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresIn: 900,
    });
    const [cookie, ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^__Host-latchkey-refresh=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('C1: keeps the cookie for as long as the session when the person wants to be remembered', async () => {
    const answer = await client().mutate('auth.register', account('remembered', { remember: true }));
    const maxAge = /Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1];
    expect(Number(maxAge)).toBe(30 * 24 * 60 * 60);
  });

  it('names the field that is taken, whatever the case', async () => {
    await client().mutate('auth.register', account('taken'));
    const byName = await client().mutate('auth.register', account('TAKEN', { email: 'other@example.com' }));
    expect(byName.error?.data).toMatchObject({
      code: 'CONFLICT',
      reason: 'USERNAME_TAKEN',
      fields: { username: [expect.any(String)] },
    });
    const byEmail = await client().mutate(
      'auth.register',
      account('another', { email: 'Taken@Example.com' }),
    );
    expect(byEmail.error?.data).toMatchObject({
      reason: 'EMAIL_TAKEN',
      fields: { email: [expect.any(String)] },
    });
  });

  it('D4: lets one of 50 parallel registrations of a name win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        client().mutate('auth.register', account('popular', { email: `popular${n}@example.com` })),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const reasons = new Set(answers.flatMap(({ error }) => error?.data.reason ?? []));
    expect(reasons).toEqual(new Set(['USERNAME_TAKEN']));
    expect(
      await database.connection.collection('latchkey_users').countDocuments({ usernameKey: 'popular' }),
    ).toBe(1);
  });

  it.each([
    ['a username too short', { username: 'ab' }, 'username'],
    ['a username too long', { username: 'a'.repeat(33) }, 'username'],
    ['a username with @', { username: 'me@example.com' }, 'username'],
    ['a username of other letters', { username: 'аdmin' }, 'username'],
    ['no e-mail', { email: 'nobody' }, 'email'],
    ['two e-mails', { email: 'a@example.com,b@example.com' }, 'email'],
    ['an e-mail with a header in it', { email: 'a@example.com\r\nbcc: b@example.com' }, 'email'],
    ['a list of e-mails', { email: ['a@example.com'] }, 'email'],
    ['a quoted e-mail', { email: '"a@evil.example"@example.com' }, 'email'],
    ['an e-mail too long', { email: `${'a'.repeat(250)}@example.com` }, 'email'],
    ['a password too short', { password: 'short 7' }, 'password'],
    ['a password too long', { password: 'x'.repeat(257) }, 'password'],
    ['an operator for a password', { password: { $ne: null } }, 'password'],
    ['an unknown key', { role: 'admin' }, 'role'],
    ['an unknown key of the record', { _id: 'mine' }, '_id'],
    ['a text for remember', { remember: 'yes' }, 'remember'],
  ])('L12, D1, D2: refuses %s with VALIDATION and names the field', async (_name, changes, field) => {
    const answer = await client().mutate('auth.register', account('valid', changes));
    expect(answer.error?.data).toMatchObject({
      code: 'BAD_REQUEST',
      httpStatus: 400,
      path: 'auth.register',
      reason: 'VALIDATION',
      fields: { [field]: [expect.any(String)] },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('L12: normalises an e-mail address before it validates and stores it', async () => {
    const answer = await client().mutate('auth.register', account('wide', { email: ' Wide＠Example.com ' }));
    expect((answer.data as Credentials).user.email).toBe('wide@example.com');
  });

  it('P6, P7: refuses a password that is easy to guess with its own reason', async () => {
    for (const password of ['iloveyou', 'guessable1']) {
      const answer = await client().mutate('auth.register', account('guessable', { password }));
      expect(answer.error?.data).toMatchObject({
        reason: 'PASSWORD_TOO_COMMON',
        fields: { password: [expect.any(String)] },
      });
    }
  });

  it('P11: refuses passwords of a megabyte before they are hashed', async () => {
    await using costly = await startTestServer(database.connection, {
      password: { pepper: 'a pepper of at least thirty-two bytes', bcryptCost: 15 },
    });
    const password = 'x'.repeat(1_000_000);
    const jobs = vi.spyOn(Worker.prototype, 'postMessage');
    const send = async (n: number) => {
      const [path, input] =
        n % 2
          ? ['auth.register', account('large', { password })]
          : ['auth.login', { identifier: 'large', password }];
      return createTestClient(costly.url).mutate(String(path), input);
    };
    const answers = Promise.all(Array.from({ length: 20 }, (_, n) => send(n)));
    for (let n = 0; n < 10; n++)
      expect((await createTestClient(costly.url).query('host.open')).status).toBe(200);
    for (const { status, error } of await answers) {
      expect(status).toBe(400);
      expect(error?.data.reason).toBe('VALIDATION');
    }
    expect(jobs).not.toHaveBeenCalled();
  });

  it('P7: asks the host’s breach check last, and refuses what it finds', async () => {
    const asked: string[] = [];
    const isBreached = async (password: string) => {
      asked.push(password);
      return password === 'correct horse battery staple';
    };
    await using asking = await startTestServer(database.connection, {
      password: { pepper: 'a pepper of at least thirty-two bytes', bcryptCost: 4, isBreached },
    });
    const register = (password: string) =>
      createTestClient(asking.url).mutate('auth.register', account('breached', { password }));
    for (const password of ['iloveyou', 'correct horse battery staple']) {
      expect((await register(password)).error?.data).toMatchObject({
        reason: 'PASSWORD_TOO_COMMON',
        fields: { password: [expect.any(String)] },
      });
    }
    expect((await register(PASSWORD)).status).toBe(200);
    expect(asked).toEqual(['correct horse battery staple', PASSWORD]);
  });
});

describe('login', () => {
  const named = 'Ines';
  beforeAll(async () => {
    await client().mutate('auth.register', account(named));
  });

  it.each(['Ines', 'ines', 'ines@example.com', ' INES@Example.com '])(
    'signs in as "%s"',
    async (identifier) => {
      const answer = await client().mutate('auth.login', { identifier, password: PASSWORD });
      expect(answer.data).toMatchObject({ user: { username: 'Ines' }, session: { generation: 0 } });
    },
  );

  it('L6: answers an unknown name and a wrong password alike', async () => {
    const unknown = await client().mutate('auth.login', { identifier: 'nobody', password: PASSWORD });
    const wrong = await client().mutate('auth.login', { identifier: named, password: `${PASSWORD} ` });
    const strange = await client().mutate('auth.login', { identifier: 'no@body@x', password: PASSWORD });
    const withoutDate = ({ headers }: { headers: Headers }) =>
      [...headers].filter(([name]) => !['date'].includes(name));
    for (const other of [wrong, strange]) {
      expect(other.status).toBe(401);
      expect(other.error).toEqual(unknown.error);
      expect(withoutDate(other)).toEqual(withoutDate(unknown));
    }
    expect(unknown.error?.data.reason).toBe('INVALID_CREDENTIALS');
  });

  it('says that an account is disabled only to a person who knows its password', async () => {
    await client().mutate('auth.register', account('sleeper'));
    const users = database.connection.collection('latchkey_users');
    await users.updateOne({ usernameKey: 'sleeper' }, { $set: { disabledAt: new Date() } });
    const guess = await client().mutate('auth.login', { identifier: 'sleeper', password: 'a wrong one' });
    expect(guess.error?.data.reason).toBe('INVALID_CREDENTIALS');
    const owner = await client().mutate('auth.login', { identifier: 'sleeper', password: PASSWORD });
    expect(owner.error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'ACCOUNT_DISABLED' });
  });

  it('S7: begins a new session, ends the presented one, and adopts no planted id', async () => {
    const person = client();
    const first = person.signedIn(
      await person.mutate('auth.login', { identifier: named, password: PASSWORD }),
    );
    const before = person.copy();
    const second = person.signedIn(
      await person.mutate('auth.login', { identifier: named, password: PASSWORD }),
    );
    expect(second.session.id).not.toBe(first.session.id);
    expect((await before.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    const planted = client();
    planted.jar = 'planted-by-somebody-else';
    const third = await planted.mutate('auth.login', { identifier: named, password: PASSWORD });
    expect(planted.jar).not.toContain('planted');
    expect((third.data as Credentials).session.id).not.toBe(second.session.id);
  });

  describe('P9: when the cost has risen', () => {
    const pepper = 'a pepper of at least thirty-two bytes';
    const withCost = (bcryptCost: number) =>
      startTestServer(database.connection, { password: { pepper, bcryptCost } });
    const hashOf = async (usernameKey: string) =>
      String((await database.connection.collection('latchkey_users').findOne({ usernameKey }))?.passwordHash);
    const signIn = ({ url }: TestServer, password = PASSWORD) =>
      createTestClient(url).mutate('auth.login', { identifier: 'rehashed', password });

    it('only a sign-in with the right password makes a new hash, once', async () => {
      await using before = await withCost(4);
      await using after = await withCost(6);
      await createTestClient(before.url).register('rehashed');
      const first = await hashOf('rehashed');
      expect(first).toMatch(/^\$2b\$04\$/);
      expect((await signIn(after, 'wrong')).error?.data.reason).toBe('INVALID_CREDENTIALS');
      expect(await hashOf('rehashed')).toBe(first);
      expect((await signIn(after)).status).toBe(200);
      const second = await hashOf('rehashed');
      expect(second).toMatch(/^\$2b\$06\$/);
      expect((await signIn(after)).status).toBe(200);
      expect((await signIn(before)).status, 'the old cost still verifies the new hash').toBe(200);
      expect(await hashOf('rehashed'), 'and lowers it never').toBe(second);
    });
  });
});

describe('logout', () => {
  it('S8, C9: ends the session on the server, expires the cookie, and can be repeated', async () => {
    const person = client();
    await person.register('leaver');
    const kept = person.copy();
    const answer = await person.mutate('auth.logout');
    expect(answer.data).toEqual({ ok: true });
    expect(answer.headers.getSetCookie()).toEqual([
      '__Host-latchkey-refresh=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect((await kept.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await kept.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await kept.mutate('auth.logout')).data).toEqual({ ok: true });
    expect((await client().mutate('auth.logout')).data).toEqual({ ok: true });
  });

  it('S8: works with the cookie alone, with the access token alone, and with an expired one', async () => {
    const withCookie = client();
    await withCookie.register('cookieonly');
    const copy = withCookie.copy();
    withCookie.accessToken = undefined;
    await withCookie.mutate('auth.logout');
    expect((await copy.refresh()).error?.data.reason).toBe('SESSION_REVOKED');

    const withToken = client();
    await withToken.register('tokenonly');
    const other = withToken.copy();
    withToken.jar = undefined;
    server.clock.advance(16 * 60_000);
    expect((await withToken.query('host.who')).error?.data.reason).toBe('TOKEN_EXPIRED');
    await withToken.mutate('auth.logout');
    expect((await other.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
  });

  it('wins over a refresh in flight', async () => {
    const person = client();
    const { session } = await person.register('racer');
    for (let round = 0; round < 20; round++) {
      const tab = person.copy();
      await Promise.all([
        tab.refresh(),
        tab.copy().refresh(),
        ...(round === 19 ? [person.copy().mutate('auth.logout')] : []),
      ]);
    }
    const record = await database.connection
      .collection('latchkey_sessions')
      .findOne({ _id: session.id as never });
    expect(record?.revokedAt).toBeInstanceOf(Date);
    expect((await person.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
  });
});
