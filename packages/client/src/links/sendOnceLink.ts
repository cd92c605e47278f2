import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { Session } from '../session/types.js';
import { signedOut } from '../transport/reasons.js';
import { toClientError } from './clientError.js';

/**
 * Creates the link for calls whose input can be read only once, such as a ReadableStream. It gets a new access token
 * first, and sends the call once, even if that fails. Use it in the place of `authLink` for these calls.
 *
 * @example
 * splitLink({
 *   condition: ({ input }) => input instanceof ReadableStream,
 *   true: [sendOnceLink(session), uploadLink],
 *   false: [authLink(session), httpBatchLink({ url, headers: session.headers })],
 * })
 */
export function sendOnceLink<TRouter extends AnyRouter = AnyRouter>(session: Session): TRPCLink<TRouter> {
  const { link, refresh } = session;
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const owner = link.owner();
        let inner: Unsubscribable | undefined;
        let isOver = false;
        const fail = (error: Error) => {
          if (!isOver) observer.error(toClientError(error));
        };
        const abort = () => fail(op.signal?.reason);
        const send = () => {
          if (isOver) return;
          // One person's call is not sent under another's name.
          if (owner && owner !== link.owner()) return fail(signedOut());
          inner = next(op).subscribe(observer);
        };
        op.signal?.addEventListener('abort', abort);
        if (op.signal?.aborted) abort();
        else (owner ? refresh() : link.ready()).then(send, fail);
        return () => {
          isOver = true;
          op.signal?.removeEventListener('abort', abort);
          inner?.unsubscribe();
        };
      });
}
