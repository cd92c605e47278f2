import { request } from 'node:http';
import { expect, test } from 'vitest';
import { productionEnv } from './support/productionEnv.js';
import { useTestServer } from './support/useTestServer.js';

const { server } = await useTestServer({ ...productionEnv(), APP_URL: 'https://app.example.com' });

/** Sends a request exactly as given. fetch would follow, repair or refuse some. */
function raw(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    const req = request(new URL(server.url), { path, ...options }, (res) => {
      res.resume();
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers }));
    });
    req.on('error', reject).end();
  });
}

const PATHS = [
  '/',
  '/auth/me',
  '/auth/login',
  '/trpc/auth.me',
  '/openapi.json',
  '/healthz',
  '/nothing/here',
  '//evil.example',
  '/..//evil.example',
];

test('H3: no plain HTTP request is redirected to https, so that no client learns to begin with it', async () => {
  for (const path of PATHS)
    for (const method of ['GET', 'POST']) {
      const { status, headers } = await raw(path, {
        method,
        headers: { host: 'app.example.com', 'x-forwarded-proto': 'http' },
      });
      expect(status < 300 || status >= 400, `${method} ${path}: ${status}`).toBe(true);
      expect(headers).not.toHaveProperty('location');
      expect(headers).toHaveProperty('strict-transport-security');
    }
});

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '%0d%0alocation: https://evil.example',
])('H5: leads nobody to %s, whatever a parameter is called', async (target) => {
  for (const path of PATHS)
    for (const name of ['next', 'callback', 'callbackURL', 'redirect', 'redirect_uri', 'returnTo', 'url']) {
      const { status, headers } = await raw(`${path}?${name}=${encodeURIComponent(target)}`);
      expect(status < 300 || status >= 400, `${path} ${name}`).toBe(true);
      expect(JSON.stringify(headers)).not.toMatch(/evil|javascript:/);
    }
});

test('H1: tells browsers to come by https alone, and to upgrade what a page loads', async () => {
  const { headers } = await raw('/auth/me');
  expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
  expect(String(headers['content-security-policy']).split(';')).toContain('upgrade-insecure-requests');
});

test('H4: has no reader of the API and no mailbox', async () => {
  for (const path of [
    '/docs',
    '/docs/reader.js',
    '/docs/swagger-ui-bundle.js',
    '/dev/mailbox',
    '/dev/mailbox.json',
  ])
    expect((await raw(path)).status, path).toBe(404);
  expect((await raw('/openapi.json')).status).toBe(200);
});
