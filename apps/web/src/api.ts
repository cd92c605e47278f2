import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, splitLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { lazyLink } from './lazyLink.js';

const url = '/trpc';

/** Who is signed in. Calls wait through an outage: a note typed during a restart is saved after it. */
export const session = createSession({ url, waitWhenUnreachable: true });

export const queryClient = new QueryClient({
  defaultOptions: { queries: retryOutages },
});

const client = createTRPCClient<AppRouter>({
  links: [
    authLink(session),
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: lazyLink(async () => (await import('./streamLink.js')).streamLink(session, url)),
      false: httpBatchLink({ url, headers: session.headers, maxItems: 20 }),
    }),
  ],
});

/** The server's procedures as options for TanStack Query's hooks. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
