import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newPerson } from './support/api.js';
import { useTestServer } from './support/useTestServer.js';

const { server } = await useTestServer();

const OURS = { 'content-type': 'application/json', 'x-latchkey': '1' };

function call(
  method: string,
  path: string,
  init: { headers?: Record<string, string>; input?: unknown } = {},
) {
  const { headers = {}, input } = init;
  const body = input === undefined ? {} : { body: JSON.stringify(input) };
  return fetch(`${server.url}${path}`, { method, headers: { ...OURS, ...headers }, ...body });
}

function cookieOf(res: Response) {
  return res.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

test('registers, refreshes, reads the user, signs out and in over plain HTTP', async () => {
  const person = newPerson();
  const registered = await call('POST', '/auth/register', { input: person });
  expect(registered.status).toBe(200);
  expect(registered.headers.get('cache-control')).toBe('no-store');
  expect(registered.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-latchkey-refresh=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
  const text = await registered.text();
  expect(text).not.toContain(cookieOf(registered).split('=')[1]);
  expect(JSON.parse(text)).toMatchObject({ user: { username: person.username }, session: { generation: 0 } });

  const refreshed = await call('POST', '/auth/refresh-token', { headers: { cookie: cookieOf(registered) } });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await refreshed.json());
  const authorization = `Bearer ${accessToken}`;
  const me = await call('GET', '/auth/me', { headers: { authorization } });
  expect(await me.json()).toMatchObject({ email: person.email, emailVerified: false });

  const out = await call('POST', '/auth/logout', { headers: { cookie: cookieOf(refreshed) } });
  expect(await out.json()).toEqual({ ok: true });
  const refused = await call('GET', '/auth/me', { headers: { authorization } });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect(await refused.json()).toMatchObject({
    error: { data: { reason: 'SESSION_REVOKED', httpStatus: 401 } },
  });

  const input = { identifier: person.email, password: person.password };
  expect((await call('POST', '/auth/login', { input })).status).toBe(200);
});

test('refuses a wrong method with what is allowed, and a wrong address', async () => {
  const wrong = await call('PUT', '/auth/login', { input: {} });
  expect({ status: wrong.status, allow: wrong.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  const trace = await call('DELETE', '/openapi.json');
  expect(trace.status).toBe(405);
  expect((await call('POST', '/auth/no-such', { input: {} })).status).toBe(404);
});

test('logs refusals by name and reason only', async () => {
  await call('POST', '/auth/login', { input: { identifier: 'canary-name', password: 'canary-password' } });
  expect(
    server.log.some((line) => line.includes('"path":"auth.login"') && line.includes('INVALID_CREDENTIALS')),
  ).toBe(true);
  expect(server.log.join()).not.toContain('canary');
});

describe('/openapi.json', () => {
  test('is a valid document of every procedure of auth and admin', async () => {
    const res = await call('GET', '/openapi.json');
    expect(res.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document = z.looseObject({ paths: z.record(z.string(), z.unknown()) }).parse(await res.json());
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/auth/register',
        '/auth/login',
        '/auth/refresh-token',
        '/auth/logout',
        '/auth/me',
      ]),
    );
    expect(Object.keys(document.paths).filter((path) => !/^\/(auth|admin)\//.test(path))).toEqual([]);
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
  });
});

describe('H4: the reader', () => {
  test('is served from files of the server’s own, under the rules that every page has', async () => {
    const page = await call('GET', '/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files.filter((name) => name.startsWith('/docs/')))
      expect((await call('GET', file)).status, file).toBe(200);
    expect(files.filter((name) => !/^\/(docs\/|favicon)/.test(name))).toEqual([]);
  });
});
