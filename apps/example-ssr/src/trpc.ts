import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '../server/router.js';

const url = '/trpc';

/** What one page, or one rendering of it, works with; a server must share nothing of it between requests. */
export const createClients = () => {
  const session = createSession({ url });
  const queryClient = new QueryClient({
    // What the server has just asked for need not be asked for again.
    defaultOptions: { queries: { staleTime: 10_000, ...retryOutages }, mutations: retryOutages },
  });
  const trpcClient = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ url, headers: session.headers })],
  });
  return { session, queryClient, trpcClient };
};

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
