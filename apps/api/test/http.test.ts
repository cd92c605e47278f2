import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createApi } from './support/api.js';
import { startTestServer } from './support/testServer.js';
import { useTestServer } from './support/useTestServer.js';

const PARTNER = 'https://partner.example.com';

const { database, server } = await useTestServer({ CORS_ORIGINS: PARTNER });

/** fetch refuses some methods and repairs broken addresses. */
function raw(options: { method?: string; path: string; headers?: Record<string, string> }) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const req = request(new URL(server.url), options, (res) => {
        let body = '';
        res.on('data', (chunk) => (body += chunk));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
      });
      req.on('error', reject).end();
    },
  );
}

describe('H1: every answer', () => {
  test.each([
    ['/healthz', 200],
    ['/trpc/auth.me', 401],
    ['/trpc/nothing.here', 404],
    ['/nothing/here', 404],
    ['/%E0%A4%A', 400],
  ])('%s carries the security headers', async (path, status) => {
    const res = await raw({ path });
    expect(res.status).toBe(status);
    expect(res.headers).toMatchObject({
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}; includeSubDomains$/),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'content-type': expect.stringMatching(/^application\/json/),
    });
    const policy = String(res.headers['content-security-policy']).split(';');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
      ]),
    );
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(res.headers).not.toHaveProperty('x-powered-by');
  });

  test('E4: tells nothing of what went wrong inside', async () => {
    for (const path of [
      '/%E0%A4%A',
      '/trpc/%E0%A4%A',
      '/trpc/auth.me?batch=1&input=%7B',
      '/trpc/auth.me?input=%7B',
    ]) {
      const { status, body } = await raw({ path });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body).not.toMatch(/stack|at .*\.[jt]s|node_modules|SyntaxError|URIError/);
    }
  });
});

describe('H4: methods', () => {
  test.each(['TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('%s is refused', async (method) => {
    const { status, headers } = await raw({ method, path: '/trpc/auth.login' });
    expect(status).toBe(405);
    expect(headers).toMatchObject({ allow: 'GET, HEAD, POST, OPTIONS' });
  });

  test('C7: GET never runs a mutation', async () => {
    const { status, body } = await raw({ path: '/trpc/auth.logout', headers: { 'x-latchkey': '1' } });
    expect(status).toBe(405);
    expect(JSON.parse(body).error.data.code).toBe('METHOD_NOT_SUPPORTED');
  });
});

describe('C5: origins', () => {
  test.each([
    ['the app itself', () => server.url],
    ['a listed origin', () => PARTNER],
  ])('lets %s read answers', async (_name, origin) => {
    const { headers } = await raw({ path: '/trpc/auth.me', headers: { origin: origin() } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin(),
      'access-control-allow-credentials': 'true',
      vary: expect.stringMatching(/\borigin\b/i),
    });
  });

  test.each([
    'https://evil.example',
    'null',
    'https://partner.example.com.evil.example',
    'https://sub.partner.example.com',
    'http://partner.example.com',
    'https://partner.example.com:8443',
  ])('never names %s', async (origin) => {
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-latchkey',
    };
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await raw({ method, path: '/trpc/auth.me', headers: { origin, ...preflight } });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).toMatchObject({ vary: expect.stringMatching(/\borigin\b/i) });
    }
  });

  test('answers the preflight of an allowed origin with what the client may send', async () => {
    const headers = {
      origin: PARTNER,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-latchkey',
    };
    const answer = await raw({ method: 'OPTIONS', path: '/trpc/auth.refresh', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': PARTNER,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': expect.stringContaining('x-latchkey-episode'),
    });
  });
});

test('a header of 100 kB is refused', async () => {
  const { status } = await raw({ path: '/healthz', headers: { 'x-large': 'a'.repeat(100_000) } });
  expect(status).toBe(431);
});

test('H2: no answer of a procedure may be kept', async () => {
  for (const path of ['auth.me', 'notes.list', 'no.such']) {
    expect((await createApi(server.url).get(path)).headers.get('cache-control')).toBe('no-store');
  }
});

test('publishes no key while access tokens are signed with a shared secret', async () => {
  const { status, body } = await raw({ path: '/.well-known/jwks.json' });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ keys: [] });
});

test('T10: an access token in the query is ignored', async () => {
  const { error } = await createApi(server.url).get('auth.me?access_token=anything');
  expect(error).toMatchObject({ reason: 'TOKEN_MISSING' });
});

test.each([
  ['without TRUST_PROXY', {}, '127.0.0.1'],
  ['behind one proxy', { TRUST_PROXY: '1' }, '198.51.100.7'],
  ['behind proxies of a range', { TRUST_PROXY: 'loopback' }, '198.51.100.7'],
])('L4: %s a client cannot choose the address it is known by', async (_name, env, address) => {
  await using behind = await startTestServer({ MONGODB_URI: database.uri, ...env });
  await fetch(`${behind.url}/trpc/auth.me`, { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } });
  const request = behind.log.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request');
  expect(request.req.ip).toBe(address);
});
