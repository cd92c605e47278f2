import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  authLink,
  changePassword,
  createSession,
  memoryTokenStore,
  type SessionOptions,
  type TokenStore,
  withTokenStore,
} from '../src/index.js';
import { createFaults, createTestClock } from '../src/testing/index.js';
import { PASSWORD } from './arrive.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';
import { createGate } from './setup.js';

const clock = createTestClock();
let server: RealServer;

beforeAll(async () => {
  server = await startRealServer({ now: clock.now, lifetimeMs: 60_000 });
});
afterAll(() => server[Symbol.asyncDispose]());

/** A process of an app without a browser. */
function start(store: TokenStore, options: Partial<SessionOptions> = {}) {
  const { url } = server;
  const session = createSession(
    withTokenStore(
      { url, transformer: superjson, clock: clock.now, timers: clock.timers, ...options },
      store,
    ),
  );
  const trpc = createTRPCClient<RealRouter>({
    links: [authLink(session), httpBatchLink({ url, transformer: superjson, headers: session.headers })],
  });
  return { session, trpc, [Symbol.dispose]: session.close };
}

let people = 0;

async function register(store: TokenStore, options?: Partial<SessionOptions>) {
  const app = start(store, options);
  const username = `user-${++people}`;
  await app.session.register({ username, email: `${username}@example.org`, password: PASSWORD });
  return { ...app, username };
}

/** Holds back the next answer that arrives, as a slow network does. */
function slowNetwork() {
  const gate = createGate();
  const arrived = createGate();
  const network: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    arrived.open();
    await gate.opened;
    return response;
  };
  return { network, release: gate.open, arrived: arrived.opened };
}

test('goes on without cookies: through expiries, a restart and a sign-out', async () => {
  const store = memoryTokenStore();
  const cookies: string[] = [];
  const network: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    cookies.push(...response.headers.getSetCookie().filter((cookie) => !cookie.includes('Max-Age=0')));
    return response;
  };
  using first = await register(store, { fetch: network });
  for (let round = 0; round < 3; round++) {
    clock.advance(61_000);
    expect((await first.trpc.auth.me.query()).username).toBe(first.username);
  }
  first.session.close();
  using second = start(store, { fetch: network });
  expect(await second.session.restore()).toMatchObject({ user: { username: first.username } });
  await second.session.logout();
  expect(await store.get()).toBeUndefined();
  using third = start(store);
  expect(await third.session.restore()).toEqual({ status: 'anonymous', user: null });
  expect(cookies).toEqual([]);
});

test('knows nobody where the store is empty, and signs in over what is no token', async () => {
  const store = memoryTokenStore();
  await store.set('what another program wrote');
  using app = start(store);
  expect(await app.session.restore()).toEqual({ status: 'anonymous', user: null });
  using registered = await register(store);
  await registered.session.refresh();
  expect(registered.session.getSnapshot().status).toBe('authenticated');
});

test('shows the refresh token to the store alone', async () => {
  const store = memoryTokenStore();
  const name = `tokens-${process.pid}`;
  const line = new BroadcastChannel(name);
  const messages: unknown[] = [];
  const heard = new Promise<void>((resolve) => {
    line.onmessage = ({ data }) => resolve(void messages.push(data));
  });
  using _app = await register(store, { channel: name });
  await heard;
  line.close();
  const { refreshToken } = JSON.parse((await store.get()) ?? '');
  expect(refreshToken).toBeTypeOf('string');
  expect(JSON.stringify(messages)).toContain('accessToken');
  expect(JSON.stringify(messages)).not.toContain(refreshToken);
});

test('counts an answer that could not be kept as no answer, and gets it again', async () => {
  const store = memoryTokenStore();
  using app = await register(store);
  app.session.close();
  let isFull = true;
  using other = start({
    get: store.get,
    set: (text) => {
      if (isFull) throw new Error('no space left on device');
      return store.set(text);
    },
  });
  clock.advance(3_600_000);
  await expect(other.session.refresh()).rejects.toMatchObject({
    message: 'No answer',
    cause: { message: 'no space left on device' },
  });
  expect(other.session.getSnapshot()).toMatchObject({ status: 'unreachable' });
  clock.advance(3_600_000);
  isFull = false;
  await other.session.refresh().catch(() => {});
  await other.session.refresh();
  expect((await other.trpc.auth.me.query()).username).toBe(app.username);
});

test('keeps the newer token when an older answer arrives late', async () => {
  const store = memoryTokenStore();
  using quick = await register(store);
  const { network, arrived, release } = slowNetwork();
  using slow = start(store, { fetch: network, timeout: 1e9 });
  const late = slow.session.refresh();
  await arrived;
  await quick.session.refresh();
  for (let round = 0; round < 2; round++) {
    clock.advance(31_000);
    await quick.session.refresh();
    await quick.trpc.auth.me.query();
  }
  const newest = await store.get();
  release();
  await late;
  expect(await store.get()).toBe(newest);
  clock.advance(3_600_000);
  expect((await slow.trpc.auth.me.query()).username).toBe(quick.username);
});

test.each([
  ['out', undefined],
  ['in as somebody else', 'somebody else'],
])('a late answer does not undo that another process signed %s', async (_name, next) => {
  const store = memoryTokenStore();
  using quick = await register(store);
  const { network, arrived, release } = slowNetwork();
  using slow = start(store, { fetch: network, timeout: 1e9 });
  const late = slow.session.refresh();
  await arrived;
  if (next) await register(store);
  else await quick.session.logout();
  const kept = await store.get();
  release();
  await late;
  expect(await store.get()).toBe(kept);
});

test('a sign-out that is answered late does not sign out a person who signed in meanwhile', async () => {
  const store = memoryTokenStore();
  using _before = await register(store);
  const { network, arrived, release } = slowNetwork();
  using slow = start(store, { fetch: network, timeout: 1e9 });
  const late = slow.session.logout();
  await arrived;
  using next = await register(store);
  const kept = await store.get();
  release();
  await late;
  expect(kept).toBeDefined();
  expect(await store.get()).toBe(kept);
  clock.advance(3_600_000);
  expect((await next.trpc.auth.me.query()).username).toBe(next.username);
});

test('keeps what is there through an outage', async () => {
  const store = memoryTokenStore();
  const faults = createFaults(clock);
  using app = await register(store, { fetch: faults.fetch });
  const kept = await store.get();
  for (const fault of ['lose the request', { status: 502, body: '<html>Bad gateway</html>' }] as const) {
    faults.always(fault);
    await expect(app.session.refresh()).rejects.toThrow('No answer');
    expect(await store.get()).toBe(kept);
  }
  faults.always();
  await app.session.refresh();
  expect((await app.trpc.auth.me.query()).username).toBe(app.username);
});

test('keeps the token of the session that a change of password begins', async () => {
  const store = memoryTokenStore();
  using app = await register(store);
  const newPassword = 'five other unlikely words';
  await changePassword(app.session, { currentPassword: PASSWORD, newPassword });
  using next = start(store);
  expect(await next.session.restore()).toMatchObject({ user: { username: app.username } });
});
