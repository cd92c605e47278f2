import { TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { AuthError } from './authError.js';
import { isGuardRefusal, signedOut } from './refusals.js';
import type { Session } from './sessionTypes.js';

const UNAUTHORIZED = -32001;

const toClientError = <TRouter extends AnyRouter>(error: unknown): TRPCClientError<TRouter> => {
  if (error instanceof AuthError && error.data)
    return TRPCClientError.from(
      { error: { code: UNAUTHORIZED, message: error.message, data: error.data } },
      { cause: error },
    );
  return TRPCClientError.from(error instanceof Error ? error : new Error(String(error)));
};

/**
 * Creates the link that lets calls wait for a fresh access token, and sends one again, once, that the server's guard
 * refused before its resolver ran. Put it before the terminating link, and give that one `session.headers`.
 *
 * A call with `context: { skipAuth: true }` never waits: for public procedures that should work in an outage too.
 */
export const authLink =
  <TRouter extends AnyRouter = AnyRouter>({ link }: Session): TRPCLink<TRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let inner: Unsubscribable | undefined;
      let isOver = false;
      let owner: string | undefined;

      const fail = (error: unknown) => {
        if (!isOver) observer.error(toClientError(error));
      };
      const abort = () => fail(op.signal?.reason);
      /** What one person asked for is neither sent nor shown under another's name. */
      const changedHands = () => owner !== undefined && owner !== link.owner();

      const send = (mayRetry: boolean) => {
        if (isOver) return;
        if (changedHands()) return fail(signedOut());
        const context = { ...op.context };
        link.depart(context);
        owner = link.owner();
        inner = next({ ...op, context }).subscribe({
          next: (value) => (changedHands() ? fail(signedOut()) : observer.next(value)),
          complete: () => observer.complete(),
          error: (error) => {
            if (!mayRetry || !isGuardRefusal(error.data)) return observer.error(error);
            link.renew(context).then((renewed) => (renewed ? send(false) : fail(error)), fail);
          },
        });
      };

      op.signal?.addEventListener('abort', abort);
      owner = link.owner();
      const waiting = op.context.skipAuth ? undefined : link.ready();
      if (op.signal?.aborted) abort();
      else if (waiting) waiting.then(() => send(true), fail);
      else send(true);

      return () => {
        isOver = true;
        op.signal?.removeEventListener('abort', abort);
        inner?.unsubscribe();
      };
    });
