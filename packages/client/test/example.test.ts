import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { authLink, createSession, memoryTokenStore, withTokenStore } from '../src/index.js';
import { createFaults, createTestClock } from '../src/testing/index.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';

// The README shows the test below as it is.
type AppRouter = RealRouter;
let password: string;
let server: RealServer;
let url: string;

beforeAll(async () => {
  server = await startRealServer({ now: () => performance.now(), lifetimeMs: 15 * 60_000 });
  url = server.url;
  password = 'four unlikely words here';
});
afterAll(() => server[Symbol.asyncDispose]());

test('goes on when tokens end and the server is away', async () => {
  const clock = createTestClock();
  const faults = createFaults(clock);
  const world = { fetch: faults.fetch, clock: clock.now, timers: clock.timers };
  const options = { url, transformer: superjson, ...world };
  const session = createSession(withTokenStore(options, memoryTokenStore()));
  const trpc = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ ...options, headers: session.headers })],
  });
  const { username } = await session.register({ username: 'ada', email: 'ada@example.org', password });

  faults.endTokens(); // the server refuses those it has given out so far
  expect((await trpc.auth.me.query()).username).toBe(username);
  expect(faults.count('auth.refresh')).toBe(1);

  faults.always({ status: 502 }); // an outage, during which the token ends
  clock.advance(15 * 60_000);
  await vi.waitFor(() => expect(session.getSnapshot().status).toBe('unreachable'), 60_000);

  faults.always();
  clock.advance(60_000); // the next try
  await vi.waitFor(() => expect(session.getSnapshot().status).toBe('authenticated'), 60_000);
  session.close();
});
