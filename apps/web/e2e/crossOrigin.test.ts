import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { PASSWORD, type Visitor } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });
let other: { port: number; server: Server };

beforeAll(async () => {
  other = await startOtherSite();
});

afterAll(async () => {
  await new Promise((resolve) => other?.server.close(resolve));
});

/** Another site: an empty page at every host name and address. */
async function startOtherSite() {
  const server = createServer((_req, res) => {
    res.setHeader('content-type', 'text/html');
    res.end('<!doctype html><title>elsewhere</title><link rel="icon" href="data:,"><p>elsewhere');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, server };
}

/**
 * Origins of an attacker's page: another site, and another port of our own host. Browsers count that as the same site,
 * so SameSite does not help there.
 */
const PLACES = [
  ['another site', 'evil.localhost'],
  ['another port of our host', 'localhost'],
] as const;

/** Opens the attacker's page in the browser of a person who is signed in. */
async function lured(visitor: Visitor, host: string): Promise<Page> {
  await visitor.register();
  const page = await visitor.context.newPage();
  await page.goto(`http://${host}:${other.port}/`);
  return page;
}

async function refreshCookie(visitor: Visitor) {
  return (await visitor.context.cookies(demo.api.url)).find(({ name }) => name === '__Host-latchkey-refresh')
    ?.value;
}

/** Checks that the visitor is still signed in. */
async function stillSignedIn(visitor: Visitor) {
  const page = await visitor.open('/');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByText(visitor.username).first().waitFor();
}

/** Calls fetch as the attacker's script; resolves to what it can read. */
function attempt(page: Page, url: string, init: RequestInit) {
  return page.evaluate(
    async ([target, options]) => {
      try {
        const res = await fetch(target, options);
        return { status: res.status, type: res.type, text: await res.text() };
      } catch {
        return 'blocked';
      }
    },
    [url, init] as const,
  );
}

const OURS = { 'content-type': 'application/json', 'x-latchkey': '1' };
const BODY = '{}';

describe.each(PLACES)('a page of %s', (_place, host) => {
  test('C3, C4, C5: cannot sign anybody out, refresh, or read a response by any fetch', async () => {
    await using visitor = await demo.visitor();
    const page = await lured(visitor, host);
    const before = await refreshCookie(visitor);
    for (const path of ['/trpc/auth.logout', '/trpc/auth.refresh', '/auth/logout', '/auth/refresh-token']) {
      const url = `${demo.api.url}${path}`;
      const credentials = 'include' as const;
      const sent = page.waitForRequest((request) => request.url() === url && request.method() === 'POST');
      // With our headers the browser sends a preflight, which is not allowed; without them it sends the request.
      expect(await attempt(page, url, { method: 'POST', credentials, headers: OURS, body: BODY })).toBe(
        'blocked',
      );
      expect(await attempt(page, url, { method: 'POST', credentials, body: BODY })).toBe('blocked');
      expect(await attempt(page, url, { method: 'POST', credentials, mode: 'no-cors', body: BODY })).toBe(
        'blocked',
      );
      expect(await attempt(page, url, { credentials })).toBe('blocked');
      await sent;
    }
    expect(await refreshCookie(visitor)).toBe(before);
    await stillSignedIn(visitor);
  }, 60_000);

  test('C3, C6, C7: cannot sign anybody out, or in as somebody else, by a form, a link or an image', async () => {
    await using visitor = await demo.visitor();
    await using attacker = await demo.visitor();
    await attacker.register();
    const page = await lured(visitor, host);
    const before = await refreshCookie(visitor);
    const login = JSON.stringify({ identifier: attacker.username, password: PASSWORD });
    for (const path of ['/trpc/auth.login', '/auth/login', '/trpc/auth.logout', '/auth/logout']) {
      for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
        await page.goto(`http://${host}:${other.port}/`);
        const action = `${demo.api.url}${path}`;
        const responded = page.waitForResponse(action);
        await page.evaluate(
          ([to, type, json]) => {
            const form = document.createElement('form');
            Object.assign(form, { action: to, enctype: type, method: 'post' });
            const field = document.createElement('input');
            // As text/plain this makes the body {"…","x":"="}, which is JSON.
            Object.assign(field, { name: `${json.slice(0, -1)},"x":"`, value: '"}' });
            form.append(field);
            document.body.append(form);
            form.submit();
          },
          [action, enctype, login] as const,
        );
        await page.waitForURL(action);
        expect((await responded).status(), `${path} ${enctype}`).toBe(403);
      }
      const visited = await page.goto(`${demo.api.url}${path}`);
      expect(visited?.status(), path).toBe(405);
      await page.goto(`http://${host}:${other.port}/`);
      await page.evaluate(
        (src) =>
          new Promise((resolve) => Object.assign(new Image(), { src, onerror: resolve, onload: resolve })),
        `${demo.api.url}${path}`,
      );
    }
    expect(await refreshCookie(visitor)).toBe(before);
    await stillSignedIn(visitor);
  }, 60_000);

  test('H1: cannot frame the app, nor reach into a window of it', async () => {
    await using visitor = await demo.visitor();
    const page = await lured(visitor, host);
    await page.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }));
    }, demo.api.url);
    await expect
      .poll(() => page.frames().map((frame) => frame.url()))
      .toContain('chrome-error://chromewebdata/');
    const [opened] = await Promise.all([
      visitor.context.waitForEvent('page'),
      page.evaluate((url) => {
        Reflect.set(window, 'opened', window.open(url));
      }, demo.api.url),
    ]);
    await opened.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await opened.evaluate(() => window.opener)).toBeNull();
    await expect.poll(() => page.evaluate(() => Reflect.get(window, 'opened').closed)).toBe(true);
  }, 40_000);
});

test('C1, C2: the browser keeps the cookie from scripts, other hosts and plain requests', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const [cookie] = await visitor.context.cookies(demo.api.url);
  expect(cookie).toMatchObject({
    name: '__Host-latchkey-refresh',
    domain: 'localhost',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
  });
  expect(Buffer.byteLength(`${cookie?.name}=${cookie?.value}`)).toBeLessThan(4096);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(visitor.bodies.join()).not.toContain(cookie?.value);
}, 40_000);

test('H1: every page has a content policy without exceptions, the API documentation too', async () => {
  await using visitor = await demo.visitor();
  const origins = new Set<string>();
  visitor.context.on('request', (request) =>
    origins.add(new URL(request.url()).protocol === 'data:' ? demo.api.url : new URL(request.url()).origin),
  );
  for (const [path, text] of [
    ['/', 'Latchkey'],
    ['/sign-in', 'Latchkey'],
    ['/register', 'Latchkey'],
    ['/docs', '/auth/refresh-token'],
    ['/dev/mailbox', 'Development mailbox'],
  ] as const) {
    const page = await visitor.context.newPage();
    const response = await page.goto(path);
    const policy = (await response?.headerValue('content-security-policy')) ?? '';
    expect(policy, path).toContain("script-src 'self'");
    expect(policy, path).not.toMatch(/unsafe|nonce|\*|https?:/);
    await page.getByText(text).first().waitFor();
    await visitor.idle();
  }
  expect(visitor.problems).toEqual([]);
  expect([...origins]).toEqual([demo.api.url]);
}, 60_000);

test('the API documentation can call the API', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/docs');
  await page.getByText('/auth/register').click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  const input = { username: visitor.username, email: `${visitor.username}@example.org`, password: PASSWORD };
  await page.locator('textarea').fill(JSON.stringify(input));
  const [response] = await Promise.all([
    page.waitForResponse(`${demo.api.url}/auth/register`),
    page.getByRole('button', { name: 'Execute' }).click(),
  ]);
  expect(response.status()).toBe(200);
  expect(visitor.problems).toEqual([]);
}, 40_000);
