import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import type { Session } from './sessionTypes.js';

/**
 * Creates a terminating link that is made anew for each access token, for connections that carry their token from the
 * moment they are opened, such as a WebSocket. What is under way on an older connection is not disturbed.
 *
 * @example
 * linkPerToken(session, () =>
 *   wsLink({
 *     client: createWSClient({
 *       url: 'wss://example.org/trpc',
 *       connectionParams: async () => session.headers(),
 *       lazy: { enabled: true, closeMs: 5_000 }, // closes the older connection once nothing is under way on it
 *     }),
 *   }),
 * )
 */
export const linkPerToken =
  <TRouter extends AnyRouter = AnyRouter>(
    session: Session,
    createLink: () => TRPCLink<TRouter>,
  ): TRPCLink<TRouter> =>
  (runtime) => {
    let token: string | undefined;
    let link: ReturnType<TRPCLink<TRouter>> | undefined;
    return (call) => {
      const { authorization } = session.headers({ op: call.op });
      if (!link || authorization !== token) link = createLink()(runtime);
      token = authorization;
      return link(call);
    };
  };
