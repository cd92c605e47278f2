import { createTRPCClient, httpBatchLink, httpSubscriptionLink, retryLink, splitLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authLink, type Session } from '../src/index.js';
import { arrive } from './arrive.js';
import { createBrowser, type LinkFetch } from './browser.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';
import { createGate, until } from './setup.js';
import { socketLinks } from './socketLinks.js';

/** The server ends a stream by a real timer, so tokens live briefly here. See meeting.test.ts for a turned clock. */
const LIFE = 2_000;
const clock = { now: () => performance.now(), timers: globalThis };
let server: RealServer;

beforeAll(async () => {
  server = await startRealServer({ now: clock.now, lifetimeMs: LIFE });
});
afterAll(() => server[Symbol.asyncDispose]());

function overEvents(session: Session, fetch: LinkFetch) {
  const { url } = server;
  return createTRPCClient<RealRouter>({
    links: [
      authLink(session),
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({
          url,
          transformer: superjson,
          EventSource,
          eventSourceOptions: ({ op }) => ({
            fetch: (input, init) =>
              fetch(input, { ...init, headers: { ...init.headers, ...session.headers({ op }) } }),
          }),
        }),
        false: httpBatchLink({ url, transformer: superjson, headers: session.headers, fetch }),
      }),
    ],
  });
}

function overSocket(session: Session) {
  return createTRPCClient<RealRouter>({ links: socketLinks(session, server, 200) });
}

const transports = [
  ['server-sent events', overEvents],
  ['a WebSocket', overSocket],
] as const;

/** As the browser's own EventSource, which can set no header: it has the cookie alone. */
function overCookie(session: Session, fetch: LinkFetch, url: string) {
  return createTRPCClient<RealRouter>({
    links: [
      authLink(session),
      httpSubscriptionLink({ url, transformer: superjson, EventSource, eventSourceOptions: { fetch } }),
    ],
  });
}

function register(connect: typeof overEvents) {
  return arrive({ url: server.url, connect }, clock);
}

type Person = Awaited<ReturnType<typeof register>>;

/** Subscribes, and notes what arrives. */
function listen({ trpc }: Pick<Person, 'trpc'>, options: { signal?: AbortSignal } = {}) {
  const positions: number[] = [];
  const seen = { starts: 0, errors: [] as unknown[], completed: 0 };
  const from = server.feed.length();
  const { unsubscribe } = trpc.events.subscribe(
    { label: 'mine', lastEventId: String(from) },
    {
      ...options,
      onStarted: () => {
        seen.starts += 1;
      },
      onData: ({ data }) => {
        expect(data).toEqual({ position: data.position, label: 'mine', at: new Date(data.position) });
        positions.push(data.position);
      },
      onError: (error) => seen.errors.push(error),
      onComplete: () => {
        seen.completed += 1;
      },
    },
  );
  return { positions, seen, unsubscribe, from };
}

function span(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => from + index + 1);
}

test('brings each of 10,000 events once, over many ends of the token and a cut connection', async () => {
  const people = await Promise.all([overEvents, overEvents, overSocket, overSocket].map(register));
  const listeners = people.map((person) => listen(person));
  const from = server.feed.length();
  const openedBefore = server.streams.opened;
  await until(() => expect(server.streams.open).toBe(4));
  for (let sent = 0; sent < 10_000; sent += 20) {
    server.feed.add(20);
    if (sent === 5_000) server.cut();
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await until(() => {
    for (const { positions } of listeners) expect(positions).toHaveLength(10_000);
  });
  for (const { positions, seen } of listeners) {
    expect(positions).toEqual(span(from, 10_000));
    expect(seen.errors).toEqual([]);
  }
  console.log(
    `10,000 events to each of 4 subscribers over ${server.streams.opened - openedBefore} streams, ` +
      `started ${listeners.map(({ seen }) => seen.starts).join(', ')} times`,
  );
  expect(server.streams.opened - openedBefore).toBeGreaterThanOrEqual(12);
  for (const { unsubscribe } of listeners) unsubscribe();
  for (const person of people) person[Symbol.dispose]();
  await until(() => expect(server.streams.open).toBe(0));
});

test.each(transports)(
  'goes on over %s when the token ends, even if no event arrives',
  async (_name, connect) => {
    using person = await register(connect);
    const openedBefore = server.streams.opened;
    const { positions, seen, from, unsubscribe } = listen(person);
    await until(() => expect(server.streams.opened).toBe(openedBefore + 4));
    server.feed.add(2);
    await until(() => expect(positions).toEqual(span(from, 2)));
    expect(seen).toMatchObject({ errors: [], completed: 0 });
    unsubscribe();
    await until(() => expect(server.streams.open).toBe(0));
  },
);

test.each(transports)('ends with the reason over %s when the session is revoked', async (_name, connect) => {
  using person = await register(connect);
  const { positions, seen, from } = listen(person);
  await until(() => expect(server.streams.open).toBe(1));
  server.feed.add(1);
  const elsewhere = createBrowser({ url: server.url, connect, tab: { transformer: superjson } }, clock);
  for (const [name, value] of person.browser.jar) elsewhere.jar.set(name, value);
  const { session } = elsewhere.openTab({ transformer: superjson });
  await session.restore();
  await session.logout();
  await until(() => expect(seen.errors).toHaveLength(1));
  expect(seen.errors[0]).toMatchObject({ data: { code: 'UNAUTHORIZED', reason: 'SESSION_REVOKED' } });
  expect(positions).toEqual(span(from, 1));
  expect(person.session.getSnapshot()).toMatchObject({ status: 'ended', reason: 'SESSION_REVOKED' });
  await until(() => expect(server.streams.open).toBe(0));
});

test.each(transports)('unsubscribes over %s, also while a refresh is under way', async (_name, connect) => {
  using person = await register(connect);
  const gate = createGate();
  let isHeld = false;
  const tab = person.browser.openTab({
    transformer: superjson,
    channel: false,
    timeout: 60_000,
    fetch: async (input, init) => {
      if (isHeld) await gate.opened;
      return person.browser.send(input, init);
    },
  });
  await tab.session.restore();
  isHeld = true;
  const controller = new AbortController();
  const listeners = [listen(tab), listen(tab, { signal: controller.signal })];
  await until(() => expect(server.streams.open).toBe(2));
  await until(() => expect(server.streams.open).toBe(0));
  const opened = server.streams.opened;
  listeners[0]?.unsubscribe();
  controller.abort();
  expect(listeners.map(({ seen }) => seen.errors)).toEqual([[], []]);
  expect(listeners[1]?.seen.completed).toBe(1);
  gate.open();
  await tab.session.refresh();
  await tab.trpc.auth.me.query();
  expect(server.streams.opened).toBe(opened);
});

test('sends again what was refused inside a 200 stream of events', async () => {
  using person = await register(overEvents);
  server.endTokens();
  const { positions, seen, from, unsubscribe } = listen(person);
  server.feed.add(3);
  await until(() => expect(positions).toEqual(span(from, 3)));
  expect(seen).toMatchObject({ starts: 2, errors: [], completed: 0 });
  unsubscribe();
});

test('goes on with a plain EventSource where the access token is in a cookie', async () => {
  await using at = await startRealServer({ now: clock.now, lifetimeMs: LIFE, transport: 'cookie' });
  using browser = createBrowser(
    { url: at.url, connect: (session, fetch) => overCookie(session, fetch, at.url) },
    clock,
  );
  const { session, trpc } = browser.openTab({ transformer: superjson });
  await session.register({ username: 'cook', email: 'cook@example.org', password: 'four unlikely words' });
  const positions: number[] = [];
  const errors: unknown[] = [];
  const { unsubscribe } = trpc.events.subscribe(
    { label: 'mine' },
    { onData: ({ data }) => positions.push(data.position), onError: (error) => errors.push(error) },
  );
  for (let opened = 1; opened <= 3; opened++) {
    await until(() => expect(at.streams.opened).toBeGreaterThanOrEqual(opened));
    at.feed.add(1);
    await until(() => expect(positions).toHaveLength(opened));
  }
  expect(positions).toEqual([1, 2, 3]);
  expect(errors).toEqual([]);
  unsubscribe();
  await until(() => expect(at.streams.open).toBe(0));
});

test("goes on, with retryLink, after a proxy's own 401, and signs nobody out", async () => {
  const refusals = [new Response('<html>Sign in to the proxy</html>', { status: 401 })];
  const behindProxy: typeof overEvents = (session, fetch) => {
    const { url } = server;
    return createTRPCClient<RealRouter>({
      links: [
        retryLink({ retry: ({ op, error }) => op.type === 'subscription' && !error.data }),
        authLink(session),
        httpSubscriptionLink({
          url,
          transformer: superjson,
          EventSource,
          eventSourceOptions: ({ op }) => ({
            fetch: async (input, init) =>
              refusals.shift() ??
              fetch(input, { ...init, headers: { ...init.headers, ...session.headers({ op }) } }),
          }),
        }),
      ],
    });
  };
  using person = await register(behindProxy);
  const { positions, seen, from, unsubscribe } = listen(person);
  server.feed.add(2);
  await until(() => expect(positions).toEqual(span(from, 2)));
  refusals.push(new Response('<html>Bad gateway</html>', { status: 502 }));
  server.cut();
  server.feed.add(2);
  await until(() => expect(positions).toEqual(span(from, 4)));
  expect(refusals).toEqual([]);
  expect(seen.errors).toEqual([]);
  expect(person.session.getSnapshot().status).toBe('authenticated');
  unsubscribe();
});
