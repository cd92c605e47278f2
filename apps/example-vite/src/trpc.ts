import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import type { AppRouter } from '../server/router.js';

const TRPC_URL = '/trpc';

export const session = createSession({ url: TRPC_URL, transformer: superjson });

export const queryClient = new QueryClient({
  defaultOptions: { queries: retryOutages, mutations: retryOutages },
});

const client = createTRPCClient<AppRouter>({
  links: [
    authLink(session),
    httpBatchLink({ url: TRPC_URL, transformer: superjson, headers: session.headers }),
  ],
});

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
