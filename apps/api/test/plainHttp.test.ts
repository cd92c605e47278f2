import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { type ServerProcess, startServerProcess } from './support/serverProcess.js';

// The built server as a black box, so real time has to pass: the grace period is a second. Access tokens outlive every
// test, so that each refusal has one reason. Another node with the same keys issues tokens that live a second.
const ACCESS_SECONDS = 600;
const GRACE_MS = 1_000;
const SECRETS = {
  ACCESS_TOKEN_SECRET: 'Lp4Xw8Rc2Tn6Vz1Ky5Hm9Bq3Jd7Gs0FfAoUeIiTu',
  REFRESH_TOKEN_SECRET: 'c9Yt3Ms7Wb1Qx5Nk8Zr2Vd6Hp4Lj0GgEaOuIiTfS',
  PASSWORD_PEPPER: 'j6Dv1Rk9Xm4Tz8Bw2Qc7Ly5Np3Hs0FgIaEuOoStU',
};

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await openTestDatabase();
  server = await startNode(ACCESS_SECONDS);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

function startNode(tokenSeconds: number) {
  return startServerProcess({
    ...SECRETS,
    MONGODB_URI: database.uri,
    ACCESS_TOKEN_EXPIRY: `${tokenSeconds}s`,
    REFRESH_GRACE: `${GRACE_MS}ms`,
  });
}

async function registered(url = server.url) {
  const api = createApi(url);
  const person = newPerson();
  const answer = await api.post('auth.register', person);
  expect(answer.status).toBe(200);
  return { api, person, answer };
}

describe('register', () => {
  test('answers credentials, and the refresh token in its cookie alone', async () => {
    const { person, answer, api } = await registered();
    expect(answer.data).toEqual({
      user: {
        id: expect.any(String),
        username: person.username,
        email: person.email,
        emailVerified: false,
        roles: [],
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
      session: { id: expect.any(String), generation: 0, expiresAt: expect.any(String) },
      accessToken: expect.any(String),
      expiresIn: ACCESS_SECONDS,
    });
    expect(answer.setCookie).toMatch(
      /^__Host-latchkey-refresh=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.text).not.toContain(api.cookie?.split('=')[1]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('keeps a remembered session’s cookie for REFRESH_TOKEN_EXPIRY', async () => {
    const { setCookie } = await createApi(server.url).post('auth.register', {
      ...newPerson(),
      remember: true,
    });
    const maxAge = Number(setCookie?.match(/; Max-Age=(\d+);/)?.[1]);
    const thirtyDays = 30 * 24 * 60 * 60;
    expect(maxAge).toBeLessThanOrEqual(thirtyDays);
    expect(maxAge).toBeGreaterThan(thirtyDays - 10);
  });

  test('refuses a taken username or e-mail whatever its case', async () => {
    const { person } = await registered();
    const other = newPerson();
    const sameName = { ...other, username: person.username.toUpperCase() };
    const sameMail = { ...other, email: ` ${person.email.toUpperCase()} ` };
    expect((await createApi(server.url).post('auth.register', sameName)).error).toMatchObject({
      code: 'CONFLICT',
      reason: 'USERNAME_TAKEN',
    });
    expect((await createApi(server.url).post('auth.register', sameMail)).error).toMatchObject({
      code: 'CONFLICT',
      reason: 'EMAIL_TAKEN',
    });
  });

  test.each([
    ['username', { username: 'ab' }],
    ['username', { username: 'has@sign' }],
    ['email', { email: 'nobody' }],
    ['email', { email: ['a@example.com'] }],
    ['password', { password: 'short' }],
    ['password', { password: { $ne: null } }],
    ['role', { role: 'admin' }],
  ])('names the field %s of a wrong input %j', async (field, wrong) => {
    const { status, error } = await createApi(server.url).post('auth.register', { ...newPerson(), ...wrong });
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: 'BAD_REQUEST',
      reason: 'VALIDATION',
      fields: { [field]: expect.anything() },
    });
  });

  test('refuses a password on the common list', async () => {
    const { error } = await createApi(server.url).post('auth.register', {
      ...newPerson(),
      password: 'password123',
    });
    expect(error).toMatchObject({ code: 'BAD_REQUEST', reason: 'PASSWORD_TOO_COMMON' });
  });
});

describe('login', () => {
  test('takes the username or the e-mail, whatever its case', async () => {
    const { person } = await registered();
    for (const identifier of [person.username, person.email, person.username.toUpperCase()]) {
      const { status, data } = await createApi(server.url).post('auth.login', {
        identifier,
        password: person.password,
      });
      expect(status).toBe(200);
      expect(data.user.username).toBe(person.username);
    }
  });

  test('tells a wrong password from an unknown user by nothing', async () => {
    const { person } = await registered();
    const api = createApi(server.url);
    const wrong = await api.post('auth.login', {
      identifier: person.username,
      password: 'wrong password here',
    });
    const unknown = await api.post('auth.login', {
      identifier: 'nobody-at-all',
      password: 'wrong password here',
    });
    expect(wrong.error).toMatchObject({
      code: 'UNAUTHORIZED',
      httpStatus: 401,
      reason: 'INVALID_CREDENTIALS',
    });
    expect(unknown.text).toBe(wrong.text);
    expect(wrong.setCookie).toBeUndefined();
  });
});

describe('me', () => {
  test('answers the user to a bearer token', async () => {
    const { api, answer } = await registered();
    const { status, data } = await api.get('auth.me');
    expect(status).toBe(200);
    expect(data).toEqual(answer.data.user);
  });

  test.each([
    ['no token', undefined, 'TOKEN_MISSING'],
    ['no JWT', 'nonsense', 'TOKEN_INVALID'],
    ['a changed signature', 'changed', 'TOKEN_INVALID'],
  ])('refuses %s', async (_name, token, reason) => {
    const { api } = await registered();
    const changed = `${api.accessToken?.slice(0, -4)}AAAA`;
    api.accessToken = token === 'changed' ? changed : token;
    const { status, error, headers } = await api.get('auth.me');
    expect(status).toBe(401);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', reason });
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="/);
    expect(headers.get('www-authenticate')?.includes('error="invalid_token"')).toBe(token !== undefined);
  });
});

describe('refresh', () => {
  test('renews an expired access token', async () => {
    await using brief = await startNode(1);
    const { accessToken, cookie } = (await registered(brief.url)).api;
    const api = Object.assign(createApi(server.url), { accessToken, cookie });
    await expect
      .poll(async () => (await api.get('auth.me')).error)
      .toMatchObject({ code: 'UNAUTHORIZED', reason: 'TOKEN_EXPIRED' });
    expect((await api.post('auth.refresh')).status).toBe(200);
    expect((await api.get('auth.me')).status).toBe(200);
  });

  test('rotates the cookie; a superseded one used later ends the session', async () => {
    const { api, answer } = await registered();
    const firstCookie = api.cookie;
    const refreshed = await api.post('auth.refresh');
    expect(refreshed.status).toBe(200);
    expect(refreshed.data.session).toEqual({ ...answer.data.session, generation: 1 });
    expect(api.cookie).not.toBe(firstCookie);
    expect((await api.get('auth.me')).status).toBe(200);

    const thief = createApi(server.url);
    thief.cookie = firstCookie;
    // The grace period lasts a second by the database's clock.
    await sleep(GRACE_MS + 50);
    expect((await thief.post('auth.refresh')).error).toMatchObject({
      code: 'UNAUTHORIZED',
      reason: 'REFRESH_REUSED',
    });
    for (const refused of [await api.post('auth.refresh'), await api.get('auth.me')])
      expect(refused.error).toMatchObject({ code: 'UNAUTHORIZED', reason: 'SESSION_REVOKED' });
  });

  test('answers many at once with one successor', async () => {
    const { api } = await registered();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => {
        const tab = createApi(server.url);
        tab.cookie = api.cookie;
        return tab.post('auth.refresh');
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ setCookie }) => setCookie)).size).toBe(1);
  });

  test.each([
    ['no cookie', undefined, 'REFRESH_MISSING'],
    ['garbage', '__Host-latchkey-refresh=garbage', 'REFRESH_INVALID'],
    ['an access token', 'access', 'REFRESH_INVALID'],
    ['the cookie twice', 'twice', 'REFRESH_INVALID'],
  ])('refuses %s', async (_name, cookie, reason) => {
    const { api } = await registered();
    const presented = {
      access: `__Host-latchkey-refresh=${api.accessToken}`,
      twice: `${api.cookie}; ${api.cookie}`,
    };
    api.cookie = cookie === 'access' || cookie === 'twice' ? presented[cookie] : cookie;
    expect((await api.post('auth.refresh')).error).toMatchObject({ code: 'UNAUTHORIZED', reason });
  });
});

describe('logout', () => {
  test('ends the session for both tokens, clears the cookie and can be repeated', async () => {
    const { api } = await registered();
    const { cookie, accessToken } = api;
    const { data, setCookie } = await api.post('auth.logout');
    expect(data).toEqual({ ok: true });
    expect(setCookie).toMatch(/^__Host-latchkey-refresh=; /);

    Object.assign(api, { cookie, accessToken });
    expect((await api.get('auth.me')).error).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect((await api.post('auth.refresh')).error).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect((await api.post('auth.logout')).data).toEqual({ ok: true });
  });
});

describe('forged requests', () => {
  test.each([
    ['without x-latchkey', { 'x-latchkey': '' }],
    ['of another content type', { 'content-type': 'text/plain' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a sign-in %s', async (_name, headers: Record<string, string>) => {
    const { person } = await registered();
    const answer = await createApi(server.url).post(
      'auth.login',
      { identifier: person.username, password: person.password },
      headers,
    );
    expect(answer.error).toMatchObject({ code: 'FORBIDDEN', reason: 'CSRF_REJECTED' });
    expect(answer.setCookie).toBeUndefined();
  });
});

describe('broken requests', () => {
  test('refuses a batch of more than 20', async () => {
    const path = Array.from({ length: 21 }, () => 'auth.me').join(',');
    const { status, text } = await createApi(server.url).get(`${path}?batch=1`);
    expect(status).toBe(400);
    expect(text).not.toContain('stack');
  });

  test.each([
    ['broken JSON', '{"identifier":', 400],
    ['a body beyond the limit', `{"identifier":"${'a'.repeat(1_000_000)}","password":"b"}`, 413],
    ['null bytes', '{"identifier":"a\\u0000b","password":"b"}', 400],
    ['a prototype key', '{"identifier":"a","password":"b","__proto__":{"x":1}}', 400],
  ])('answers %s with 4xx', async (_name, body, status) => {
    const res = await fetch(`${server.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
      body,
    });
    expect(res.status).toBe(status);
    expect(await res.text()).not.toMatch(/stack|node_modules/);
  });
});
