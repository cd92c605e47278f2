import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTap } from '../tap.js';

/**
 * Acts like a tab without a page: a session in a thread, with the same cookies, that makes a call now and then. A hidden
 * page does not renew its token by itself; a worker does.
 */
const URL = '/trpc';
const CALL_EVERY_MS = 1_500;

/** The channel of the page's sessions. */
const CHANNEL = `latchkey:${URL}`;
const tap = createTap(CHANNEL, { id: self.name, kind: 'worker' });
const session = createSession({
  url: URL,
  waitWhenUnreachable: true,
  channel: CHANNEL,
  locks: navigator.locks,
  fetch: tap.session.fetch,
});
tap.session.follow(session);
const client = createTRPCClient<AppRouter>({
  links: [
    tap.calls.calls(),
    authLink(session),
    tap.calls.sends(),
    httpBatchLink({ url: URL, headers: session.headers }),
  ],
});

async function call() {
  const { status } = await session.restore();
  // The timeline shows the result.
  if (status === 'authenticated' || status === 'refreshing') await client.whoami.query().catch(() => {});
  setTimeout(() => void call(), CALL_EVERY_MS * (0.75 + Math.random() / 2));
}

void call();
