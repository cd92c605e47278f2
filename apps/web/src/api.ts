import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { EventSource } from 'eventsource';
import { createTabId, createTap } from './inspector/tap.js';

const url = '/trpc';
const MOST_RETRIES = 8;

/** Whether another try may help: the server did not answer, or said that it cannot at the moment. */
const shouldRetry = (failures: number, error: unknown): boolean => {
  const status = error instanceof TRPCClientError ? error.data?.httpStatus : undefined;
  return failures < MOST_RETRIES && (status === undefined || status >= 500);
};

/** What the session inspector shows of this tab. */
export const tap = createTap(`latchkey:${url}`, { id: createTabId(), kind: 'page' });

/** Who is signed in. Calls wait through an outage: a note typed during a restart is saved after it. */
export const session = createSession({ url, waitWhenUnreachable: true, fetch: tap.session.fetch });
tap.session.follow(session);

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry }, mutations: { retry: shouldRetry } },
});

/** The server's procedures, called plainly. */
export const client = createTRPCClient<AppRouter>({
  links: [
    tap.calls.calls(),
    authLink(session),
    tap.calls.sends(),
    splitLink({
      condition: ({ type }) => type === 'subscription',
      // A browser's own EventSource sends no headers; this one asks for them at every connection.
      true: httpSubscriptionLink({
        url,
        EventSource,
        eventSourceOptions: ({ op }) => ({
          fetch: (input, init) =>
            fetch(input, { ...init, headers: { ...init.headers, ...session.headers({ op }) } }),
        }),
      }),
      false: httpBatchLink({ url, headers: session.headers, maxItems: 20 }),
    }),
  ],
});

/** The server's procedures as options for TanStack Query's hooks. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
