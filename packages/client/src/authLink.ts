import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { isGuardRefusal, signedOut } from './refusals.js';
import type { Session } from './sessionTypes.js';
import { toClientError } from './toClientError.js';

/** How often in a row a subscription may be refused. */
const MAX_REFUSALS = 3;

/** The input that makes a subscription go on after the event with this id. */
const resumeAfter = (input: unknown, lastEventId: string): unknown =>
  typeof (input ?? {}) === 'object' ? { ...(input as object), lastEventId } : input;

/**
 * tRPC's WebSocket client gives up a subscription whose connection is cut between its opening and the first message;
 * once that was sent, it connects again by itself.
 */
const isCutWhileOpening = ({ message }: Error): boolean => message === 'Active connection is not open';

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
      // tRPC's transports connect again through an outage, for as long as it takes: so does a subscription's token.
      const wait = isStream ? { waitWhenUnreachable: true } : undefined;
      let retries = isStream ? MAX_REFUSALS : 1;
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
              retries = MAX_REFUSALS;
            }
            observer.next(value);
          },
          complete: () => observer.complete(),
          error: (error) => {
            // A subscription that is refused after a second had been let in, however silent it was.
            if (isStream && link.now() - sentAt > 1000) retries = MAX_REFUSALS;
            // Not at once: the link below still takes back what it was asked, by the operation's id.
            if (isStream && isCutWhileOpening(error)) queueMicrotask(send);
            else if (retries-- > 0 && isGuardRefusal(error.data))
              link.renew(context, wait).then((renewed) => (renewed ? send() : fail(error)), fail);
            else observer.error(error);
          },
        });
        if (isOver) inner.unsubscribe();
      };

      op.signal?.addEventListener('abort', abort);
      owner = link.owner();
      if (op.signal?.aborted) abort();
      else if (op.context.skipAuth) send();
      else link.ready(wait).then(send, fail);

      return () => {
        isOver = true;
        op.signal?.removeEventListener('abort', abort);
        inner?.unsubscribe();
      };
    });
