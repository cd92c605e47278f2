import { describe, expect, it } from 'vitest';
import { createTestClient, PASSWORD } from './testClient.js';
import { ORIGIN } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const { database, server } = await useTestServer();
await createTestClient(server.url).register('victim');

const CREDENTIALS = JSON.stringify({ identifier: 'victim', password: PASSWORD });
const OURS = { 'content-type': 'application/json', 'x-latchkey': '1' };

/** Sends a sign-in as another site could forge it. */
async function forgedLogin(headers: Record<string, string>, path = 'auth.login', body: string = CREDENTIALS) {
  const response = await createTestClient(server.url).send(path, { method: 'POST', headers, body });
  const text = await response.text();
  return { status: response.status, cookies: response.headers.getSetCookie(), text };
}

function sessionCount() {
  return database.connection.collection('latchkey_sessions').countDocuments({});
}

describe('the CSRF rule', () => {
  it.each([
    ['no x-latchkey header', { 'content-type': 'application/json' }],
    ['another x-latchkey header', { ...OURS, 'x-latchkey': '0' }],
    ['text/plain, as a form can send', { ...OURS, 'content-type': 'text/plain' }],
    ['a form', { ...OURS, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { ...OURS, 'content-type': 'multipart/form-data; boundary=x' }],
    ['octets', { ...OURS, 'content-type': 'application/octet-stream' }],
    ['a foreign origin', { ...OURS, origin: 'https://evil.example' }],
    ['an opaque origin', { ...OURS, origin: 'null' }],
    ['an origin that begins like ours', { ...OURS, origin: `${ORIGIN}.evil.example` }],
    ['another scheme', { ...OURS, origin: ORIGIN.replace('http:', 'https:') }],
    ['another port', { ...OURS, origin: 'http://localhost:3001' }],
    ['a cross-site fetch', { ...OURS, 'sec-fetch-site': 'cross-site' }],
  ])('C3, C4, C6: refuses %s, sets no cookie and runs nothing', async (_name, headers) => {
    const before = await sessionCount();
    const { status, cookies, text } = await forgedLogin(headers);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({
      error: { data: { code: 'FORBIDDEN', reason: 'CSRF_REJECTED', path: 'auth.login' } },
    });
    expect(cookies).toEqual([]);
    expect(await sessionCount()).toBe(before);
  });

  it.each(['x/auth.login', '/auth.login', 'auth%2Elogin', 'auth.login,auth.logout?batch=1'])(
    'C3: holds for every form of the URL: %s',
    async (path) => {
      const { status, cookies } = await forgedLogin({ 'content-type': 'text/plain' }, path);
      expect(status).toBe(403);
      expect(cookies).toEqual([]);
    },
  );

  it.each([
    ['our origin', { ...OURS, origin: ORIGIN }],
    ['no origin', OURS],
    ['a charset', { ...OURS, 'content-type': 'application/json; charset=utf-8' }],
    ['another case', { ...OURS, 'content-type': 'Application/JSON' }],
    ['a same-origin fetch', { ...OURS, origin: ORIGIN, 'sec-fetch-site': 'same-origin' }],
  ])('lets %s through', async (_name, headers) => {
    expect((await forgedLogin(headers)).status).toBe(200);
  });

  it('C7: changes nothing by GET', async () => {
    const response = await createTestClient(server.url).send('auth.logout', { headers: OURS });
    expect(response.status).toBe(405);
  });

  it('refuses to set a cookie in a stream', async () => {
    const headers = { ...OURS, 'trpc-accept': 'application/jsonl' };
    const { text, cookies } = await forgedLogin(headers, 'auth.login?batch=1', `{"0":${CREDENTIALS}}`);
    expect(text).toContain('STREAM_NOT_ALLOWED');
    expect(cookies).toEqual([]);
  });
});

describe('input', () => {
  it.each([
    ['broken JSON', '{"identifier":'],
    ['no object', '"text"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['prototype keys', '{"__proto__":{"admin":true},"identifier":"victim","password":"x"}'],
    ['operators', '{"identifier":{"$gt":""},"password":{"$gt":""}}'],
    ['a null character', '{"identifier":"vic\\u0000tim","password":"x"}'],
  ])('D1: answers %s with VALIDATION', async (_name, body) => {
    const { status, text } = await forgedLogin(OURS, 'auth.login', body);
    expect(status).toBe(400);
    expect(JSON.parse(text).error.data).toMatchObject({ code: expect.any(String), reason: 'VALIDATION' });
  });

  it('refuses a batch beyond the limit', async () => {
    const path = `${Array(21).fill('auth.login').join(',')}?batch=1`;
    const client = createTestClient(server.url, { prefix: '/masked' });
    const response = await client.send(path, { method: 'POST', headers: OURS, body: '{}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('"reason":"VALIDATION"');
  });
});
