import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createCookieJar } from './cookieJar.js';
import { type Caller, call, type LoadRequest, type LoadResponse } from './load.js';
import { newUser } from './user.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
const LATCHKEY_HEADERS = { ...JSON_HEADERS, 'x-latchkey': '1' };
const ITEM_INPUT = encodeURIComponent(JSON.stringify({ id: 'c5f1d0a2' }));

/** Calls the query that every peer serves, with the given headers. */
export function itemCaller(headers: Record<string, string>, query = 'item'): Caller {
  const request: LoadRequest = { method: 'GET', path: `/trpc/${query}?input=${ITEM_INPUT}`, headers };
  return { next: () => request };
}

/** Calls a mutation with the cookies that it holds, and keeps those that it is given. */
function cookieCaller(path: string, jar: ReturnType<typeof createCookieJar>): Caller {
  return { next: () => mutation(path, { headers: { cookie: jar.header() } }), received: jar.keep };
}

/** Signs up with Latchkey; the cookies of the new session are in the jar. */
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

/** An access token of Latchkey's is about so long. */
const TOKEN_LENGTH = 460;
const IGNORED_BEARER = { authorization: `Bearer ${'x'.repeat(TOKEN_LENGTH)}` };

/**
 * Someone who calls the query and sends a token that nobody reads: what is left to compare is the server's
 * own work, not the size of the request.
 */
export async function ignoredBearerItemCaller(): Promise<Caller> {
  return itemCaller(IGNORED_BEARER);
}

/** The same with the same query of the same server, behind an empty middleware. */
export async function ignoredBearerMiddlewareCaller(): Promise<Caller> {
  return itemCaller(IGNORED_BEARER, 'itemWithMiddleware');
}

/** Someone signed in with Latchkey who calls the query. */
export async function latchkeyItemCaller(origin: string): Promise<Caller> {
  return itemCaller(await latchkeyHeaders(origin));
}

/** The same with the same query of the same server, unprotected. */
export async function latchkeyOpenItemCaller(origin: string): Promise<Caller> {
  return itemCaller(await latchkeyHeaders(origin), 'openItem');
}

async function latchkeyHeaders(origin: string) {
  const { accessToken } = await registerWithLatchkey(origin);
  return { authorization: `Bearer ${accessToken}` };
}

/** Someone signed in with Latchkey who does nothing but refresh, as its SDK does. */
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

/** Someone with an access token of the hand-written middleware who calls the query. */
export async function bearerItemCaller(origin: string): Promise<Caller> {
  const response = await call(origin, mutation('/trpc/signIn'));
  const { accessToken } = z.object({ accessToken: z.string() }).parse(dataOf(response));
  return itemCaller({ authorization: `Bearer ${accessToken}` });
}

/** Someone with a session of express-session who calls the query. */
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

/** Someone signed in with better-auth who calls the query. */
export async function betterAuthItemCaller(origin: string): Promise<Caller> {
  const jar = await signUpWithBetterAuth(origin);
  return itemCaller({ cookie: jar.header() });
}

/** Someone signed in with better-auth who does nothing but renew. */
export async function betterAuthRenewCaller(origin: string): Promise<Caller> {
  return cookieCaller('/trpc/renew', await signUpWithBetterAuth(origin));
}

/** Someone with a hand-written refresh token who does nothing but renew. */
export async function compareAndSetCaller(origin: string): Promise<Caller> {
  const jar = createCookieJar();
  jar.keep(await call(origin, mutation('/trpc/signIn')));
  return cookieCaller('/trpc/renew', jar);
}

/** Someone who moves a session on by one conditional write at a time. */
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
