import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, splitLink } from '@trpc/client';
import { createTabId, createTap } from './inspector/tap.js';
import { lazyLink } from './lazyLink.js';

const URL = '/trpc';

/** Records this tab's traffic for the session inspector. */
export const tap = createTap(`latchkey:${URL}`, { id: createTabId(), kind: 'page' });

/** The session of this browser. Calls wait through an outage: a note typed during a restart is saved after it. */
export const session = createSession({ url: URL, waitWhenUnreachable: true, fetch: tap.session.fetch });
tap.session.follow(session);

export const queryClient = new QueryClient({
  defaultOptions: { queries: retryOutages },
});

/** Calls the server's procedures directly, without TanStack Query. */
export const client = createTRPCClient<AppRouter>({
  links: [
    tap.calls.calls(),
    authLink(session),
    tap.calls.sends(),
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: lazyLink(async () => (await import('./streamLink.js')).streamLink(session, URL)),
      false: httpBatchLink({ url: URL, headers: session.headers, maxItems: 20 }),
    }),
  ],
});
