import type { AppRouter } from '@latchkey/api/router';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { client, queryClient } from './api.js';

/** Options for TanStack Query's hooks. In a file of their own, because the start page does not load them. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
