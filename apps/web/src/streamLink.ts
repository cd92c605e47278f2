import type { AppRouter } from '@latchkey/api/router';
import type { Session } from '@latchkey/client';
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client';
import { EventSource } from 'eventsource';

/**
 * Sends subscriptions over server-sent events. The browser's EventSource cannot send headers; this one reads them for
 * every connection.
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
