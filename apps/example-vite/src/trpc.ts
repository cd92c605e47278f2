import { authLink, createSession } from '@latchkey/client';
import { retryOutages } from '@latchkey/react';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import type { AppRouter } from '../server/router.js';

const url = '/trpc';

export const session = createSession({ url, transformer: superjson });

export const queryClient = new QueryClient({
  defaultOptions: { queries: retryOutages, mutations: retryOutages },
});

const client = createTRPCClient<AppRouter>({
  links: [authLink(session), httpBatchLink({ url, transformer: superjson, headers: session.headers })],
});

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
