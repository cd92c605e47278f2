import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { authLink, createSession } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { createBrowser } from './browser.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';

/** Renders a page for one request, with a new session that sends the cookie of the request. */
async function render({ url }: RealServer, cookie: string) {
  const setCookies: string[] = [];
  let forwarded = 0;
  const session = createSession({
    url,
    transformer: superjson,
    fetch: async (input, init) => {
      forwarded += 1;
      const response = await fetch(input, { ...init, headers: { ...init?.headers, cookie } });
      setCookies.push(...response.headers.getSetCookie());
      return response;
    },
  });
  const trpc = createTRPCClient<RealRouter>({
    links: [authLink(session), httpBatchLink({ url, transformer: superjson, headers: session.headers })],
  });
  const [open, me, again] = await Promise.all([
    trpc.open.query(),
    trpc.auth.me.query(),
    trpc.auth.me.query(),
  ]);
  session.close();
  return { names: [me.username, again.username], open, setCookies, forwarded };
}

test('renders for many people at once: cookies go out once, come back, and are shared with nobody', async () => {
  const clock = createTestClock();
  await using server = await startRealServer({ now: clock.now, lifetimeMs: 60_000 });
  const arrivals = Array.from({ length: 6 }, async (_, index) => {
    const browser = createBrowser({ url: server.url, connect: () => undefined }, clock);
    const { session } = browser.openTab({ transformer: superjson });
    const username = `person-${index}`;
    await session.register({ username, email: `${username}@example.org`, password: 'four unlikely words' });
    browser[Symbol.dispose]();
    return { browser, username };
  });
  const everybody = await Promise.all(arrivals);
  for (let round = 0; round < 2; round++) {
    clock.advance(40_000);
    const cookies = everybody.map(({ browser }) => [...browser.jar].map((pair) => pair.join('=')).join('; '));
    const pages = await Promise.all(cookies.map((cookie) => render(server, cookie)));
    pages.forEach(({ names, open, setCookies, forwarded }, index) => {
      expect(names).toEqual([everybody[index]?.username, everybody[index]?.username]);
      expect(open).toBe('open');
      expect(forwarded).toBe(1);
      expect(setCookies).toHaveLength(1);
      const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(setCookies[0] ?? '') ?? [];
      expect(cookies[index]).not.toContain(value);
      everybody[index]?.browser.jar.set(name, value);
    });
  }
});
