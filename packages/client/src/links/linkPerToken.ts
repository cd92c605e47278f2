import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import type { Session } from '../session/types.js';

/**
 * Creates a terminating link that makes another link for each access token, for connections that keep the token they were
 * opened with, such as a WebSocket. Calls under way on an older connection are not disturbed.
 *
 * @example
 * linkPerToken(session, () =>
 *   wsLink({
 *     client: createWSClient({
 *       url: 'wss://example.org/trpc',
 *       connectionParams: async () => session.headers(),
 *       lazy: { enabled: true, closeMs: 5_000 }, // closes the older connection once no call is under way on it
 *     }),
 *   }),
 * )
 */
export function linkPerToken<TRouter extends AnyRouter = AnyRouter>(
  session: Session,
  createLink: () => TRPCLink<TRouter>,
): TRPCLink<TRouter> {
  return (runtime) => {
    let token: string | undefined;
    let link: ReturnType<TRPCLink<TRouter>> | undefined;
    return (call) => {
      const { authorization } = session.headers({ op: call.op });
      if (!link || authorization !== token) link = createLink()(runtime);
      token = authorization;
      return link(call);
    };
  };
}
