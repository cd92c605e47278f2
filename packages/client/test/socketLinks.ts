import { createWSClient, type TRPCLink, wsLink } from '@trpc/client';
import superjson from 'superjson';
import WebSocket from 'ws';
import { authLink, linkPerToken, type Session } from '../src/index.js';
import type { RealRouter, RealServer } from './realServer.js';

/** The links of a client that speaks over one WebSocket per access token; `closeMs` after its last use it is closed. */
export function socketLinks(
  session: Session,
  { socketUrl }: Pick<RealServer, 'socketUrl'>,
  closeMs: number,
): TRPCLink<RealRouter>[] {
  return [
    authLink(session),
    linkPerToken(session, () =>
      wsLink({
        transformer: superjson,
        client: createWSClient({
          url: socketUrl,
          WebSocket: Object.assign(WebSocket),
          connectionParams: async () => session.headers(),
          lazy: { enabled: true, closeMs },
        }),
      }),
    ),
  ];
}
