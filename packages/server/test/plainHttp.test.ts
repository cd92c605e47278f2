import { Validator } from '@seriousme/openapi-schema-validator';
import { type AnyTRPCRouter, initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AuthContext } from '../src/http/authContext.js';
import type { Credentials } from '../src/index.js';
import { createPlainHttp } from '../src/plainHttp/index.js';
import { openDocumentClient } from './documentClient.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { MINUTE, ORIGIN, serve } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const { database, server } = await useTestServer();

const OURS = { 'content-type': 'application/json', 'x-latchkey': '1' };
let people = 0;

function newPerson() {
  people += 1;
  return { username: `plain${people}`, email: `plain${people}@example.com`, password: PASSWORD };
}

async function send(
  method: string,
  path: string,
  init: { headers?: Record<string, string>; body?: string } = {},
) {
  const response = await fetch(`${server.url}${path}`, { method, ...init });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function post(path: string, input: unknown, headers: Record<string, string> = {}) {
  return send('POST', path, { headers: { ...OURS, ...headers }, body: JSON.stringify(input) });
}

describe('the OpenAPI document', () => {
  it('passes an independent validator', async () => {
    const document = createPlainHttp(server.auth).openApiDocument({
      title: 'Test',
      version: '2.0.0',
      serverUrl: '/api',
    });
    const result = await new Validator().validate(structuredClone({ ...document }));
    expect(result).toMatchObject({ valid: true });
    expect(document).toMatchObject({ info: { title: 'Test', version: '2.0.0' }, servers: [{ url: '/api' }] });
  });

  it('describes every query and mutation, and nothing else', async () => {
    const { operationIds } = await openDocumentClient(server.url);
    const namespaces: [string, AnyTRPCRouter][] = [
      ['auth', server.auth.router],
      ['admin', server.auth.adminRouter],
    ];
    const expected = namespaces.flatMap(([namespace, { _def }]) =>
      Object.entries<{ _def: { type: string } }>(_def.procedures)
        .filter(([, procedure]) => procedure._def.type !== 'subscription')
        .map(([name]) => `${namespace}_${name.replaceAll('.', '_')}`),
    );
    expect(operationIds.toSorted()).toEqual(expected.toSorted());
    expect(operationIds).toEqual(
      expect.arrayContaining(['auth_register', 'auth_login', 'auth_refresh', 'auth_logout', 'auth_me']),
    );
  });

  it('is enough for a client to register, refresh, read its user, sign out and sign in', async () => {
    const client = await openDocumentClient(server.url);
    const person = newPerson();
    const registered = await client.call('auth_register', person);
    expect(registered).toMatchObject({
      status: 200,
      body: { user: { username: person.username }, expiresIn: 900 },
    });
    const refreshed = await client.call('auth_refresh');
    expect(refreshed).toMatchObject({ status: 200, body: { session: { generation: 1 } } });
    client.accessToken = (refreshed.body as Credentials).accessToken;
    const me = await client.call('auth_me');
    expect(me).toMatchObject({ status: 200, body: { email: person.email } });
    expect(await client.call('auth_logout')).toMatchObject({ status: 200, body: { ok: true } });
    expect(client.cookies.size).toBe(0);
    expect(await client.call('auth_me')).toMatchObject({
      status: 401,
      body: { error: { data: { reason: 'SESSION_REVOKED' } } },
    });
    const { username: identifier, password } = person;
    expect(await client.call('auth_login', { identifier, password })).toMatchObject({ status: 200 });
    expect(client.cookies.size).toBe(1);
  });

  it('gives a client without cookies its refresh token in JSON when asked', async () => {
    const client = await openDocumentClient(server.url);
    const inBody = { 'x-latchkey-transport': 'body' };
    const registered = await client.call('auth_register', newPerson(), inBody);
    expect(client.cookies.size).toBe(0);
    const { refreshToken } = registered.body as Credentials;
    expect(refreshToken).toEqual(expect.any(String));
    expect(await client.call('auth_refresh', { refreshToken }, inBody)).toMatchObject({
      status: 200,
      body: { session: { generation: 1 }, refreshToken: expect.not.stringMatching(String(refreshToken)) },
    });
  });
});

describe('plain HTTP', () => {
  it('answers the same error data as tRPC, with the same headers', async () => {
    const trpc = createTestClient(server.url, { prefix: '/masked' });
    for (const [procedure, path, input] of [
      ['auth.login', '/auth/login', { identifier: 'nobody', password: 'wrong' }],
      ['auth.login', '/auth/login', { identifier: 'nobody', password: 'wrong', admin: true }],
      ['auth.register', '/auth/register', { ...newPerson(), password: 'password' }],
      ['auth.refresh', '/auth/refresh-token', {}],
    ] as const) {
      const theirs = await trpc.mutate(procedure, input);
      const answer = await post(path, input);
      expect(answer.status).toBe(theirs.status);
      expect(answer.body.error.data).toEqual(theirs.error?.data);
      expect(answer.headers.get('www-authenticate')).toBe(theirs.headers.get('www-authenticate'));
    }
    const theirs = await trpc.query('auth.me');
    const answer = await send('GET', '/auth/me');
    expect(answer.body.error.data).toEqual(theirs.error?.data);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="latchkey"');
  });

  it.each([
    ['GET', '/auth/login', 'POST'],
    ['HEAD', '/auth/logout', 'POST'],
    ['PUT', '/auth/register', 'POST'],
    ['POST', '/auth/me', 'GET, HEAD'],
    ['DELETE', '/auth/me', 'GET, HEAD'],
  ])('C7: refuses %s %s and names what it allows', async (method, path, allow) => {
    const { status, headers, body } = await send(method, path, { headers: OURS });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    if (method !== 'HEAD')
      expect(body.error.data).toMatchObject({ code: 'METHOD_NOT_SUPPORTED', httpStatus: 405 });
  });

  it('answers HEAD as GET, without the body', async () => {
    const client = createTestClient(server.url);
    await client.register(newPerson().username);
    const { status, body } = await send('HEAD', '/auth/me', {
      headers: { authorization: `Bearer ${client.accessToken}` },
    });
    expect({ status, body }).toEqual({ status: 200, body: undefined });
  });

  it.each([
    '/auth/login/',
    '/auth//login',
    '/Auth/login',
    '/auth/log%69n',
    '/auth/auth.login',
    '/auth/no-such',
    '/auth/refresh',
  ])('has nothing at %s', async (path) => {
    const response = await fetch(`${server.url}${path}`, { method: 'POST', headers: OURS, body: '{}' });
    await response.text();
    expect(response.status).toBe(404);
  });

  it.each([
    ['no x-latchkey header', { 'content-type': 'application/json' }],
    ['text/plain, as a form can send', { ...OURS, 'content-type': 'text/plain' }],
    ['a form', { ...OURS, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { ...OURS, 'content-type': 'multipart/form-data; boundary=x' }],
    ['octets', { ...OURS, 'content-type': 'application/octet-stream' }],
    ['a foreign origin', { ...OURS, origin: 'https://evil.example' }],
    ['an opaque origin', { ...OURS, origin: 'null' }],
    ['an origin that begins like ours', { ...OURS, origin: `${ORIGIN}.evil.example` }],
    ['a sibling of our origin', { ...OURS, origin: 'http://app.localhost:3000' }],
    ['a cross-site fetch', { ...OURS, 'sec-fetch-site': 'cross-site' }],
  ])('C3, C4, C6: refuses %s, sets no cookie and runs nothing', async (_name, headers) => {
    const person = newPerson();
    const {
      status,
      headers: answered,
      body,
    } = await send('POST', '/auth/register', { headers, body: JSON.stringify(person) });
    expect(status).toBe(403);
    expect(body.error.data).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'CSRF_REJECTED',
      path: 'auth.register',
    });
    expect(answered.getSetCookie()).toEqual([]);
    const users = database.connection.collection('latchkey_users');
    expect(await users.countDocuments({ email: person.email })).toBe(0);
  });

  it('refuses a stream where a cookie is to be set', async () => {
    const { body, headers } = await post('/auth/register', newPerson(), {
      'trpc-accept': 'application/jsonl',
    });
    expect(body.error.data.reason).toBe('STREAM_NOT_ALLOWED');
    expect(headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['broken JSON', '{"identifier":', 400],
    ['no object', '"text"', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['prototype keys', '{"__proto__":{"admin":true},"identifier":"victim","password":"x"}', 400],
    ['operators', '{"identifier":{"$gt":""},"password":{"$gt":""}}', 400],
    ['a null character', '{"identifier":"vic\\u0000tim","password":"x"}', 400],
    ['more than 64 KiB', `{"identifier":"${'x'.repeat(70_000)}","password":"x"}`, 413],
  ])('D1: answers %s with VALIDATION', async (_name, body, status) => {
    const answer = await send('POST', '/auth/login', { headers: OURS, body });
    expect(answer.status).toBe(status);
    expect(answer.body.error.data).toMatchObject({ reason: 'VALIDATION', path: 'auth.login' });
  });

  it('refuses a body that is not UTF-8, is compressed, or is long and of unknown length', async () => {
    const login = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/auth/login`, {
        method: 'POST',
        headers: { ...OURS, ...headers },
        body,
        duplex: 'half',
      });
    const answers = [
      await login(Buffer.from('{"identifier":"a","password":"\xff\xfe"}', 'latin1')),
      await login('{"identifier":"a","password":"b"}', { 'content-encoding': 'gzip' }),
      await login(new Blob(Array<string>(20).fill('x'.repeat(10_000))).stream()),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 415, 413]);
    for (const answer of answers)
      expect(await answer.json()).toMatchObject({ error: { data: { reason: 'VALIDATION' } } });
  });

  it('H2: sends no-store with every answer', async () => {
    const answers = [
      await send('GET', '/auth/me'),
      await send('PUT', '/auth/me'),
      await post('/auth/login', {}),
      await post('/auth/register', newPerson()),
    ];
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
  });

  it('T10: takes no token from the URL', async () => {
    const client = createTestClient(server.url);
    await client.register(newPerson().username);
    const { body } = await send('GET', `/auth/me?access_token=${client.accessToken}`);
    expect(body.error.data.reason).toBe('TOKEN_MISSING');
  });
});

describe('a host’s own procedures over plain HTTP', () => {
  const t = initTRPC.context<AuthContext>().create();
  const echo = t.procedure
    .input(
      z.strictObject({
        text: z.string(),
        limit: z.int().max(100).optional(),
        exact: z.boolean().optional(),
        order: z.enum(['up', 'down']).nullish(),
        tags: z.array(z.string()).optional(),
      }),
    )
    .query(({ input }) => input);

  it('read their input from the URL, by the types of their schema', async () => {
    const { handler } = createPlainHttp(server.auth, {
      router: t.router({ host: t.router({ echo }) }),
      namespaces: ['host'],
    });
    await using plain = await serve(handler);
    const ask = async (query: string) => (await fetch(`${plain.url}/host/echo?${query}`)).json();
    expect(await ask('text=5&limit=20&exact=true&order=up&tags=a')).toEqual({
      text: '5',
      limit: 20,
      exact: true,
      order: 'up',
      tags: ['a'],
    });
    expect(await ask('text=%C3%A9%20a+b&tags=a&tags=b')).toEqual({ text: 'é a b', tags: ['a', 'b'] });
    for (const wrong of [
      '',
      'text=a&text=b',
      'text=a&limit=x',
      'text=a&limit=1e1',
      'text=a&limit=101',
      'text=a&exact=1',
      'text=a&more=b',
      'text=a&__proto__=b',
      'text=a&constructor=b',
      'text[$ne]=a',
    ])
      expect(await ask(wrong), wrong).toMatchObject({
        error: { data: { reason: 'VALIDATION', path: 'host.echo' } },
      });
  });

  it('are refused at the start when their input does not fit into a URL, or two share one', () => {
    const nested = t.procedure
      .input(z.strictObject({ where: z.strictObject({ a: z.string() }) }))
      .query(() => 1);
    const router = t.router({ host: t.router({ nested }) });
    expect(() => createPlainHttp(server.auth, { router, namespaces: ['host'] })).toThrow('host.nested');
    const twins = t.router({ host: t.router({ twoWords: echo, 'two-words': echo }) });
    expect(() => createPlainHttp(server.auth, { router: twins, namespaces: ['host'] })).toThrow(
      'GET /host/two-words',
    );
  });

  it('reveal nothing of an internal error', async () => {
    const failures: string[] = [];
    const broken = t.procedure.query(() => {
      throw new Error('secret detail at 10.0.0.7');
    });
    const { handler } = createPlainHttp(server.auth, {
      router: t.router({ host: t.router({ broken }) }),
      namespaces: ['host'],
      onError: ({ error, path }) => failures.push(`${path}: ${error.message}`),
    });
    await using plain = await serve(handler);
    const response = await fetch(`${plain.url}/host/broken`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/secret|10\.0\.0\.7|stack/);
    expect(failures).toEqual(['host.broken: secret detail at 10.0.0.7']);
  });

  it('answer with the guards’ errors, by the clock of the tokens', async () => {
    const client = createTestClient(server.url);
    await client.register(newPerson().username);
    const authorization = `Bearer ${client.accessToken}`;
    server.clock.advance(16 * MINUTE);
    const { status, headers, body } = await send('GET', '/auth/me', { headers: { authorization } });
    expect(status).toBe(401);
    expect(body.error.data.reason).toBe('TOKEN_EXPIRED');
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});
