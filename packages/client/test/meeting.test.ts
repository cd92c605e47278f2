import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { authLink, linkPerToken, type Session } from '../src/index.js';
import { createFaults, createTestClock } from '../src/testing/index.js';
import { type AuthServer, startAuthServer, type TestRouter } from './authServer.js';
import { createBrowser, type LinkFetch } from './browser.js';
import { createGate, turn, until } from './setup.js';

/** The network as a subscription sees it: new connections wait for as long as it is away. */
function createNetwork() {
  let gate = createGate();
  gate.open();
  return {
    isThere: () => gate.opened,
    goAway: () => {
      gate = createGate();
    },
    comeBack: () => gate.open(),
  };
}

type Network = ReturnType<typeof createNetwork>;

/** Makes an EventSource connect again at once, not after its own 3 seconds. */
function withoutDelay(response: Response): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('retry: 1\n\n')),
  });
  response.body?.pipeTo(writable).catch(() => {});
  return new Response(readable, response);
}

interface Connection {
  readonly session: Session;
  readonly fetch: LinkFetch;
  readonly server: AuthServer;
  readonly network: Network;
}

function serverSentEvents({ session, fetch, server, network }: Connection) {
  return httpSubscriptionLink<TestRouter, typeof EventSource>({
    url: server.url,
    EventSource,
    eventSourceOptions: ({ op }) => ({
      fetch: async (input, init) => {
        await network.isThere();
        const headers = { ...init.headers, ...session.headers({ op }) };
        return withoutDelay(await fetch(input, { ...init, headers }));
      },
    }),
  });
}

function webSocket({ session, server, network }: Connection) {
  return linkPerToken<TestRouter>(session, () =>
    wsLink({
      client: createWSClient({
        url: server.socketUrl,
        WebSocket: Object.assign(WebSocket),
        retryDelayMs: () => 1,
        connectionParams: async () => {
          await network.isThere();
          return session.headers();
        },
        lazy: { enabled: true, closeMs: 20 },
      }),
    }),
  );
}

const transports = { 'server-sent events': serverSentEvents, 'a WebSocket': webSocket };

/** Somebody who is signed in and subscribed, before anything goes wrong. */
async function subscribe(transport: keyof typeof transports) {
  const clock = createTestClock();
  const server = await startAuthServer(clock.now, { timers: clock.timers });
  const faults = createFaults(clock);
  const network = createNetwork();
  const browser = createBrowser(
    {
      url: server.url,
      network: faults.fetch,
      connect: (session, fetch) =>
        createTRPCClient<TestRouter>({
          links: [
            authLink(session),
            splitLink({
              condition: ({ type }) => type === 'subscription',
              true: transports[transport]({ session, fetch, server, network }),
              false: httpBatchLink({ url: server.url, headers: session.headers, fetch }),
            }),
          ],
        }),
    },
    clock,
  );
  const { session, trpc } = await browser.signIn();
  const received: number[] = [];
  const errors: unknown[] = [];
  const started = createGate();
  const { unsubscribe } = trpc.events.subscribe(
    {},
    {
      onStarted: started.open,
      onData: ({ data }) => received.push(data),
      onError: (error) => errors.push(error),
    },
  );
  await started.opened;
  return {
    clock,
    server,
    faults,
    network,
    session,
    received,
    errors,
    [Symbol.asyncDispose]: async () => {
      unsubscribe();
      network.comeBack();
      browser[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

type Subscribed = Awaited<ReturnType<typeof subscribe>>;

const steps = {
  'the connection is cut': ({ server, network }: Subscribed) => {
    network.goAway();
    server.cut();
  },
  'the token ends': ({ clock }: Subscribed) => clock.advance(61_000),
  'a renewal fails': ({ faults, session }: Subscribed) => {
    faults.next('auth.refresh', 'lose the request');
    session.refresh().catch(() => {});
  },
  'it connects again': ({ network }: Subscribed) => network.comeBack(),
};

type Step = keyof typeof steps;

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );
}

const ALL_STEPS = Object.keys(steps) as Step[];
const orders = permutations(ALL_STEPS).filter(
  (order) => order.indexOf('the connection is cut') < order.indexOf('it connects again'),
);

const cases = Object.keys(transports).flatMap((transport) =>
  orders.flatMap((order) => [0, 20].map((turns) => [transport, turns, order.join(', '), order] as const)),
);

test.each(cases)('goes on over %s, %i turns apart, when %s', async (...[transport, turns, , order]) => {
  await using world = await subscribe(transport as keyof typeof transports);
  let sent = 0;
  const send = () => {
    sent += 1;
    world.server.feed.add(1);
  };
  send();
  for (const step of order) {
    steps[step](world);
    send();
    for (let passed = 0; passed < turns; passed++) await turn();
  }
  await until(() => {
    world.clock.advance(500);
    expect(world.errors).toEqual([]);
    expect(world.received).toHaveLength(sent);
  });
  expect(world.received).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
});
