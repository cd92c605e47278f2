import type { AppRouter } from '@latchkey/api/router';
import type { Session } from '@latchkey/client';
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client';
import { EventSource } from 'eventsource';

/**
 * The link of subscriptions, over server-sent events. A browser's own EventSource sends no headers; this one asks for
 * them at every connection.
 */
export function streamLink(session: Session, url: string): TRPCLink<AppRouter> {
  return httpSubscriptionLink({
    url,
    EventSource,
    eventSourceOptions: ({ op }) => ({
      fetch: (input, init) =>
        fetch(input, { ...init, headers: { ...init.headers, ...session.headers({ op }) } }),
    }),
  });
}
