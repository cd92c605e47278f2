import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { authLink } from '../src/index.js';
import { startAuthServer, type TestRouter } from './authServer.js';
import { createBrowser } from './browser.js';
import { createTestClock } from './testClock.js';

/** A server, a browser and the clock of both; access tokens live 60 s and are renewed by themselves after 42.8 s. */
export const setUp = async (options: { withLocks?: boolean } = {}) => {
  const clock = createTestClock();
  const server = await startAuthServer(clock.now);
  const { url } = server;
  const browser = createBrowser(
    {
      url,
      connect: (session, fetch) =>
        createTRPCClient<TestRouter>({
          links: [authLink(session), httpBatchLink({ url, headers: session.headers, fetch })],
        }),
    },
    clock,
    options,
  );
  return {
    clock,
    server,
    browser,
    [Symbol.asyncDispose]: async () => {
      browser[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** A promise and the function that resolves it. */
export const createGate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};
