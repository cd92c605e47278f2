import type { AppRouter } from '@latchkey/api/router';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { client, queryClient } from './api.js';

/** The server's procedures as options for TanStack Query's hooks; apart, because the first page does without them. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
