import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { vi } from 'vitest';
import { authLink } from '../src/index.js';
import { createFaults, createTestClock } from '../src/testing/index.js';
import { startAuthServer, type TestRouter } from './authServer.js';
import { createBrowser } from './browser.js';

/** A server, a browser, the network between them and the clock of all; access tokens live 60 s and are renewed by themselves after 42.8 s. */
export async function setUp(options: { withLocks?: boolean } = {}) {
  const clock = createTestClock();
  const server = await startAuthServer(clock.now);
  const faults = createFaults(clock);
  const { url } = server;
  const browser = createBrowser(
    {
      url,
      network: faults.fetch,
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
    faults,
    browser,
    [Symbol.asyncDispose]: async () => {
      browser[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Lets what was begun go on until it waits for the network: a request that goes out has been counted then. */
export function turn() {
  return new Promise(setImmediate);
}

/** A promise and the function that resolves it. */
export function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Waits until the check no longer throws. Only the test's own timeout ends it: a loaded machine may take its time. */
export function until<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 300_000, interval: 20 });
}
