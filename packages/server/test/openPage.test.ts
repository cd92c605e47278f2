import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { initTRPC, TRPCError } from '@trpc/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthContext } from '../src/http/authContext.js';
import type { Auth } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { MINUTE, startTestServer } from './testServer.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Starts a server with one page, which shows the user and the answers of a guard and of `auth.logout`. */
async function startPages(auth: Auth) {
  const t = initTRPC.context<AuthContext>().create();
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
  const router = t.router({
    auth: auth.router,
    mine: protectedProcedure.query(({ ctx }) => ctx.session.userId),
  });
  const codeOf = (error: unknown) => (error instanceof TRPCError ? error.code : String(error));
  const server = createServer(async (req, res) => {
    try {
      const { user, context } = await auth.openPage({ req, res });
      const caller = router.createCaller(context);
      const mine = await caller.mine().catch(codeOf);
      const logout = await caller.auth.logout().catch(codeOf);
      res.end(JSON.stringify({ user: user === undefined ? 'unknown' : user, mine, logout }));
    } catch (error) {
      res.writeHead(500).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    /** Opens the page as a browser does after a click on a link on another site. */
    open: (cookies: Jar, method = 'GET') =>
      new Promise<PageAnswer>((resolve, reject) => {
        const headers = {
          cookie: cookieHeader(cookies),
          'sec-fetch-site': 'cross-site',
          accept: 'text/html',
        };
        request({ port, host: '127.0.0.1', method, headers }, async (answer) => {
          resolve({
            status: answer.statusCode ?? 0,
            text: await text(answer),
            setCookies: answer.headers['set-cookie'] ?? [],
            cacheControl: answer.headers['cache-control'],
            challenge: answer.headers['www-authenticate'],
          });
        })
          .once('error', reject)
          .end();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface PageAnswer {
  readonly status: number;
  readonly text: string;
  readonly setCookies: readonly string[];
  readonly cacheControl: string | undefined;
  readonly challenge: string | undefined;
}

type Jar = Map<string, string>;

function cookieHeader(jar: Jar) {
  return [...jar].map((pair) => pair.join('=')).join('; ');
}

function keep(jar: Jar, setCookies: readonly string[]) {
  for (const line of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value) jar.set(name, value);
    else jar.delete(name);
  }
}

let people = 0;

async function signIn(url: string) {
  people += 1;
  const username = `reader${people}`;
  const client = createTestClient(url);
  const input = { username, email: `${username}@example.com`, password: PASSWORD };
  const answer = await client.mutate('auth.register', input);
  const credentials = client.signedIn(answer);
  const jar: Jar = new Map();
  keep(jar, answer.headers.getSetCookie());
  return { client, jar, username, credentials };
}

async function startBoth(transport: 'cookie' | 'bearer' = 'cookie') {
  const server = await startTestServer(database.connection, { accessToken: { transport } });
  const pages = await startPages(server.auth);
  return {
    server,
    pages,
    [Symbol.asyncDispose]: async () => {
      await pages[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const ACCESS = '__Host-latchkey-access';
const REFRESH = '__Host-latchkey-refresh';

it('renders for the person of the access cookie, and sets no cookie', async () => {
  await using both = await startBoth();
  const { jar, credentials } = await signIn(both.server.url);
  const page = await both.pages.open(jar);
  expect(JSON.parse(page.text)).toMatchObject({ user: credentials.user, mine: credentials.user.id });
  expect(page).toMatchObject({ setCookies: [], cacheControl: 'no-store', challenge: undefined });
});

it.each(['cookie', 'bearer'] as const)(
  'renews by the refresh cookie once the access token has expired (%s), and sets the new cookies',
  async (transport) => {
    await using both = await startBoth(transport);
    const { jar, credentials } = await signIn(both.server.url);
    both.server.clock.advance(16 * MINUTE);
    const before = jar.get(REFRESH);
    const page = await both.pages.open(jar);
    keep(jar, page.setCookies);
    expect(JSON.parse(page.text)).toMatchObject({ user: credentials.user, mine: credentials.user.id });
    expect(page.setCookies).toHaveLength(transport === 'cookie' ? 2 : 1);
    expect(jar.get(REFRESH)).not.toBe(before);
    const [again, besides] = await Promise.all([both.pages.open(jar), both.pages.open(jar)]);
    for (const { text } of [again, besides]) expect(JSON.parse(text).mine).toBe(credentials.user.id);
  },
);

it('C3: lets no link to a page sign anybody out', async () => {
  await using both = await startBoth();
  const { jar } = await signIn(both.server.url);
  expect(JSON.parse((await both.pages.open(jar)).text).logout).toBe('FORBIDDEN');
  expect(JSON.parse((await both.pages.open(jar)).text).mine).not.toBe('UNAUTHORIZED');
});

it('gives the user null when nobody is signed in', async () => {
  await using both = await startBoth();
  const nobody = { user: null, mine: 'UNAUTHORIZED' };
  expect(JSON.parse((await both.pages.open(new Map())).text)).toMatchObject(nobody);
  expect(JSON.parse((await both.pages.open(new Map([[ACCESS, 'garbage']]))).text)).toMatchObject(nobody);
  const { jar, client } = await signIn(both.server.url);
  await client.mutate('auth.logout');
  expect(JSON.parse((await both.pages.open(jar)).text)).toMatchObject(nobody);
});

it('gives the user undefined during an outage, not null', async () => {
  const connection = await database.connect();
  const server = await startTestServer(connection, { accessToken: { transport: 'cookie' } });
  await using pages = await startPages(server.auth);
  const { jar } = await signIn(server.url);
  await connection.close();
  jar.delete(ACCESS);
  expect(JSON.parse((await pages.open(jar)).text)).toMatchObject({ user: 'unknown', mine: 'UNAUTHORIZED' });
  await server[Symbol.asyncDispose]();
});

it('refuses to open a page for a POST, because a form may change something', async () => {
  await using both = await startBoth();
  const { jar } = await signIn(both.server.url);
  const answer = await both.pages.open(jar, 'POST');
  expect(answer).toMatchObject({ status: 500, text: expect.stringContaining('POST') });
});
