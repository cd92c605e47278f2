import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createCookieJar } from './cookieJar.js';
import { type Caller, call, type LoadRequest, type LoadResponse } from './load.js';
import { newUser } from './user.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
const LATCHKEY_HEADERS = { ...JSON_HEADERS, 'x-latchkey': '1' };
const ITEM_INPUT = encodeURIComponent(JSON.stringify({ id: 'c5f1d0a2' }));

/** Calls the query that every peer serves. */
export function itemCaller(headers: Record<string, string>, query = 'item'): Caller {
  const request: LoadRequest = { method: 'GET', path: `/trpc/${query}?input=${ITEM_INPUT}`, headers };
  return { next: () => request };
}

/** Calls a mutation with the cookies in the jar, and keeps new ones. */
function cookieCaller(path: string, jar: ReturnType<typeof createCookieJar>): Caller {
  return { next: () => mutation(path, { headers: { cookie: jar.header() } }), received: jar.keep };
}

/** Signs up with Latchkey. The jar holds the cookies of the new session. */
async function registerWithLatchkey(origin: string) {
  const jar = createCookieJar();
  const response = await call(origin, {
    method: 'POST',
    path: '/trpc/auth.register',
    headers: LATCHKEY_HEADERS,
    body: JSON.stringify(newUser()),
  });
  jar.keep(response);
  return { jar, accessToken: z.object({ accessToken: z.string() }).parse(dataOf(response)).accessToken };
}

/** About the length of an access token of Latchkey. */
const TOKEN_LENGTH = 460;
const IGNORED_BEARER = { authorization: `Bearer ${'x'.repeat(TOKEN_LENGTH)}` };

/** Calls the query with a token that no code reads. Requests of all servers then have the same size. */
export async function ignoredBearerItemCaller(): Promise<Caller> {
  return itemCaller(IGNORED_BEARER);
}

/** Calls the query behind an empty middleware, with a token that no code reads. */
export async function ignoredBearerMiddlewareCaller(): Promise<Caller> {
  return itemCaller(IGNORED_BEARER, 'itemWithMiddleware');
}

/** Calls the query, signed in with Latchkey. */
export async function latchkeyItemCaller(origin: string): Promise<Caller> {
  return itemCaller(await latchkeyHeaders(origin));
}

/** Calls the unprotected query of the same server, signed in with Latchkey. */
export async function latchkeyOpenItemCaller(origin: string): Promise<Caller> {
  return itemCaller(await latchkeyHeaders(origin), 'openItem');
}

async function latchkeyHeaders(origin: string) {
  const { accessToken } = await registerWithLatchkey(origin);
  return { authorization: `Bearer ${accessToken}` };
}

/** Refreshes a session of Latchkey, as its client does. */
export async function latchkeyRefreshCaller(origin: string): Promise<Caller> {
  const { jar } = await registerWithLatchkey(origin);
  const path = '/trpc/auth.refresh';
  return {
    next: () => ({
      method: 'POST',
      path,
      headers: { ...LATCHKEY_HEADERS, cookie: jar.header(), 'x-latchkey-episode': randomUUID() },
    }),
    received: jar.keep,
  };
}

/** Calls the query with an access token of the hand-written middleware. */
export async function bearerItemCaller(origin: string): Promise<Caller> {
  const response = await call(origin, mutation('/trpc/signIn'));
  const { accessToken } = z.object({ accessToken: z.string() }).parse(dataOf(response));
  return itemCaller({ authorization: `Bearer ${accessToken}` });
}

/** Calls the query with a session of express-session. */
export async function expressSessionItemCaller(origin: string): Promise<Caller> {
  const jar = createCookieJar();
  jar.keep(await call(origin, mutation('/sign-in')));
  return itemCaller({ cookie: jar.header() });
}

async function signUpWithBetterAuth(origin: string) {
  const jar = createCookieJar();
  const { username: name, email, password } = newUser();
  const path = '/api/auth/sign-up/email';
  jar.keep(await call(origin, mutation(path, { body: JSON.stringify({ name, email, password }) })));
  return jar;
}

/** Calls the query, signed in with better-auth. */
export async function betterAuthItemCaller(origin: string): Promise<Caller> {
  const jar = await signUpWithBetterAuth(origin);
  return itemCaller({ cookie: jar.header() });
}

/** Renews a session of better-auth. */
export async function betterAuthRenewCaller(origin: string): Promise<Caller> {
  return cookieCaller('/trpc/renew', await signUpWithBetterAuth(origin));
}

/** Refreshes with a hand-written refresh token. */
export async function compareAndSetCaller(origin: string): Promise<Caller> {
  const jar = createCookieJar();
  jar.keep(await call(origin, mutation('/trpc/signIn')));
  return cookieCaller('/trpc/renew', jar);
}

/** Changes a session by one conditional write at a time. */
export async function bareWriteCaller(origin: string): Promise<Caller> {
  let body = JSON.stringify(dataOf(await call(origin, mutation('/trpc/begin'))));
  return {
    next: () => mutation('/trpc/renew', { body }),
    received(response) {
      body = JSON.stringify(dataOf(response));
    },
  };
}

function mutation(
  path: string,
  { headers, body }: { headers?: Record<string, string>; body?: string } = {},
): LoadRequest {
  return { method: 'POST', path, headers: { ...JSON_HEADERS, ...headers }, body: body ?? '' };
}

const envelope = z.object({ result: z.object({ data: z.unknown() }) });

function dataOf({ body }: LoadResponse): unknown {
  return envelope.parse(JSON.parse(body)).result.data;
}
