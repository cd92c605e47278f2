import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { authLink } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { startAuthServer, type TestRouter } from './authServer.js';
import { createBrowser } from './browser.js';
import { until } from './setup.js';

/** A WebSocket whose first connection is cut as soon as it has sent its first message, which carries the token. */
function cutOnce(): typeof WebSocket {
  let isCut = false;
  return class extends WebSocket {
    override send(message: string) {
      super.send(message);
      if (!isCut) this.terminate();
      isCut = true;
    }
  };
}

test('every subscription starts that was opened together with one whose connection is cut while opening', async () => {
  const clock = createTestClock();
  await using server = await startAuthServer(clock.now, { timers: clock.timers });
  using browser = createBrowser(
    {
      url: server.url,
      connect: (session) =>
        createTRPCClient<TestRouter>({
          links: [
            authLink(session),
            wsLink({
              client: createWSClient({
                url: server.socketUrl,
                WebSocket: Object.assign(cutOnce()),
                retryDelayMs: () => 1,
                connectionParams: async () => session.headers(),
                lazy: { enabled: true, closeMs: 1e6 },
              }),
            }),
          ],
        }),
    },
    clock,
  );
  const { trpc } = await browser.signIn();
  const started: string[] = [];
  const subscriptions = ['first', 'second', 'third'].map((name) =>
    trpc.events.subscribe({}, { onStarted: () => started.push(name) }),
  );
  await until(() => expect(started.sort()).toEqual(['first', 'second', 'third']));
  for (const { unsubscribe } of subscriptions) unsubscribe();
});
