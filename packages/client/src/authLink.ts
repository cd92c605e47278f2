import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { isGuardRefusal, signedOut } from './refusals.js';
import type { Session } from './sessionTypes.js';
import { toClientError } from './toClientError.js';

/** The input that makes a subscription go on after the event with this id. */
const resumeAfter = (input: unknown, lastEventId: string): unknown =>
  typeof (input ?? {}) === 'object' ? { ...(input as object), lastEventId } : input;

/**
 * Creates the link that lets calls wait for a fresh access token, and sends one again, once, that the server's guard
 * refused before its resolver ran. Put it before the terminating link, and give that one `session.headers`.
 *
 * A subscription is sent again each time that its token has ended, and goes on after the last `tracked()` event; it
 * fails if refused several times in a row.
 * A call with `context: { skipAuth: true }` never waits: for public procedures that should work in an outage too.
 */
export const authLink =
  <TRouter extends AnyRouter = AnyRouter>({ link }: Session): TRPCLink<TRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const isStream = op.type === 'subscription';
      let { input } = op;
      let retries = isStream ? 3 : 1;
      let inner: Unsubscribable | undefined;
      let isOver = false;
      let owner: string | undefined;

      const fail = (error: Error) => {
        if (!isOver) observer.error(toClientError(error));
      };
      const abort = () => (isStream ? observer.complete() : fail(op.signal?.reason));
      /** What one person asked for is neither sent nor shown under another's name. */
      const changedHands = () => owner && owner !== link.owner();

      const send = () => {
        if (isOver) return;
        if (changedHands()) return fail(signedOut());
        const context = { ...op.context };
        owner = link.depart(context);
        const sentAt = link.now();
        inner = next({ ...op, input, context }).subscribe({
          next: (value) => {
            if (changedHands()) return fail(signedOut());
            const { result } = value;
            if ('id' in result && result.id) {
              input = resumeAfter(op.input, result.id);
              retries = 3;
            }
            observer.next(value);
          },
          complete: () => observer.complete(),
          error: (error) => {
            // A subscription that is refused after a second had been let in, however silent it was.
            const mayRetry = retries-- > 0 || (isStream && link.now() - sentAt > 1000);
            if (mayRetry && isGuardRefusal(error.data))
              link.renew(context).then((renewed) => (renewed ? send() : fail(error)), fail);
            else observer.error(error);
          },
        });
        if (isOver) inner.unsubscribe();
      };

      op.signal?.addEventListener('abort', abort);
      owner = link.owner();
      if (op.signal?.aborted) abort();
      else if (op.context.skipAuth) send();
      else link.ready().then(send, fail);

      return () => {
        isOver = true;
        op.signal?.removeEventListener('abort', abort);
        inner?.unsubscribe();
      };
    });
