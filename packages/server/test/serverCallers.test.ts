import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import type { AuthContext } from '../src/http/authContext.js';
import type { Auth } from '../src/index.js';
import { createTestClient } from './testClient.js';
import { MINUTE, startTestServer } from './testServer.js';
import { useTestServer } from './useTestServer.js';

const { database, server } = await useTestServer();

type Connect = (req: IncomingMessage, res: ServerResponse) => AuthContext | Promise<AuthContext>;

/** A server that renders pages by calling its own procedures. */
async function startPages({ router }: Auth, connect: Connect) {
  const show = async (context: AuthContext) => {
    const caller = router.createCaller(context);
    const [first, second] = await Promise.all([caller.me(), caller.me()]);
    return `${first.username} ${second.username}`;
  };
  const pages = createServer(async (req, res) => {
    const page = await Promise.resolve(connect(req, res))
      .then(show)
      .catch((error: unknown) => (error instanceof TRPCError ? error.message : String(error)));
    res.end(page);
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  return {
    url: `http://127.0.0.1:${(pages.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      pages.closeAllConnections();
      await new Promise((resolve) => pages.close(resolve));
    },
  };
}

function startRendering() {
  return startPages(server.auth, async (req, res) => (await server.auth.openPage({ req, res })).context);
}

const MISSING = 'An access token is required.';

let people = 0;

async function register() {
  const client = createTestClient(server.url);
  const name = `reader-${++people}`;
  await client.register(name);
  return { client, name, cookie: () => `__Host-latchkey-refresh=${client.jar}` };
}

async function load(url: string, headers: Record<string, string>) {
  const response = await fetch(url, { headers });
  return { text: await response.text(), cookies: response.headers.getSetCookie() };
}

test('renders for several people at once, each with one refresh whose cookie goes out with the page', async () => {
  await using pages = await startRendering();
  const everybody = await Promise.all(Array.from({ length: 5 }, register));
  for (let round = 0; round < 3; round++) {
    server.clock.advance(MINUTE);
    const loaded = await Promise.all(everybody.map(({ cookie }) => load(pages.url, { cookie: cookie() })));
    loaded.forEach(({ text, cookies }, index) => {
      const person = everybody[index];
      expect(text).toBe(`${person?.name} ${person?.name}`);
      expect(cookies).toHaveLength(1);
      const [, value = ''] = /^__Host-latchkey-refresh=([^;]+)/.exec(cookies[0] ?? '') ?? [];
      if (person) person.client.jar = value;
    });
    expect(new Set(everybody.map(({ client }) => client.jar)).size).toBe(5);
  }
});

test('renders as signed out without a cookie, and with the cookie of an ended session', async () => {
  await using pages = await startRendering();
  expect(await load(pages.url, {})).toEqual({ text: MISSING, cookies: [] });
  const { client, cookie } = await register();
  const past = cookie();
  await client.mutate('auth.logout');
  expect(await load(pages.url, { cookie: past })).toEqual({ text: MISSING, cookies: [] });
});

test('takes the token of a WebSocket from its connectionParams, never from its cookies', async () => {
  await using cookies = await startTestServer(database.connection, { accessToken: { transport: 'cookie' } });
  const client = createTestClient(cookies.url);
  await client.register('socket-opener');
  const { accessToken } = client;
  const open = (connectionParams: Record<string, string> | null) =>
    startPages(cookies.auth, (req) => cookies.auth.createSocketContext({ req, info: { connectionParams } }));
  const cookie = `__Host-latchkey-refresh=${client.jar}; __Host-latchkey-access=${accessToken}`;
  await using silent = await open(null);
  expect((await load(silent.url, { cookie })).text).toBe(MISSING);
  await using spoken = await open({ authorization: `Bearer ${accessToken}` });
  expect((await load(spoken.url, { cookie })).text).toBe('socket-opener socket-opener');
});

test('sets no cookie over a WebSocket, whose answers have no headers', async () => {
  const { cookie } = await register();
  const outcomes: unknown[] = [];
  await using pages = await startPages(server.auth, async (req) => {
    const context = server.auth.createSocketContext({
      req: Object.assign(req, {
        headers: { ...req.headers, 'content-type': 'application/json', 'x-latchkey': '1' },
      }),
      info: { connectionParams: {} },
    });
    outcomes.push(
      await server.auth.router
        .createCaller(context)
        .refresh()
        .catch((error) => error.cause),
    );
    return context;
  });
  await load(pages.url, { cookie: cookie() });
  expect(outcomes).toMatchObject([{ reason: 'STREAM_NOT_ALLOWED' }]);
});
