import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '../server/router.js';

const TRPC_URL = '/trpc';

/** What one page, or one rendering of it, works with; a server must share nothing of it between requests. */
export function createClients() {
  const session = createSession({ url: TRPC_URL });
  const queryClient = new QueryClient({
    // What the server has just asked for need not be asked for again.
    defaultOptions: { queries: { staleTime: 10_000, ...retryOutages }, mutations: retryOutages },
  });
  const trpcClient = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ url: TRPC_URL, headers: session.headers })],
  });
  return { session, queryClient, trpcClient };
}

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
