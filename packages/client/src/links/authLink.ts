import type {
  Operation,
  OperationLink,
  OperationResultObserver,
  TRPCClientError,
  TRPCLink,
} from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { Session } from '../session/types.js';
import { isGuardRefusal, signedOut } from '../transport/reasons.js';
import { toClientError } from './clientError.js';

/** How often in a row a subscription may be refused. */
const MAX_REFUSALS = 3;
/** A subscription that is refused after this time had been let in, even if nothing was sent on it. */
const LET_IN_AFTER_MS = 1000;

/**
 * Creates the link that makes calls wait for a fresh access token, and sends a call a second time if the server's guard
 * refused it before its resolver ran. Put it before the terminating link, and pass `session.headers` to that one.
 *
 * A subscription is sent again each time its token has ended, and goes on after the last `tracked()` event. In an outage
 * it waits; it fails if it is refused several times in a row.
 * A call with `context: { skipAuth: true }` never waits: for public procedures that should work in an outage too.
 *
 * @example
 * createTRPCClient<AppRouter>({
 *   links: [authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })],
 * });
 */
export function authLink<TRouter extends AnyRouter = AnyRouter>({ link }: Session): TRPCLink<TRouter> {
  return () => {
    const starting = new Set<() => void>();
    return ({ op, next }) =>
      observable((observer) => {
        const call = createCall<TRouter>({ link, op, next, observer, starting });
        call.start();
        return call.stop;
      });
  };
}

interface CallParts<TRouter extends AnyRouter> {
  readonly link: Session['link'];
  readonly op: Operation;
  readonly next: Parameters<OperationLink<TRouter>>[0]['next'];
  readonly observer: OperationResultObserver<TRouter, unknown>;
  /** What sends a subscription again, for each that has not started yet. */
  readonly starting: Set<() => void>;
}

function createCall<TRouter extends AnyRouter>({ link, op, next, observer, starting }: CallParts<TRouter>) {
  const isStream = op.type === 'subscription';
  // tRPC's transports connect again for as long as an outage lasts: so does a subscription.
  const wait = isStream ? { waitWhenUnreachable: true } : undefined;
  let { input } = op;
  let retries = isStream ? MAX_REFUSALS : 1;
  let inner: Unsubscribable | undefined;
  let isOver = false;
  let isReplacing = false;
  let owner = link.owner();

  const fail = (error: Error) => {
    if (!isOver) observer.error(toClientError(error));
  };
  const abort = () => (isStream ? observer.complete() : fail(op.signal?.reason));
  /** One person's call is neither sent nor answered under another's name. */
  const isOfAnother = () => owner && owner !== link.owner();

  const sendAgain = () => {
    isReplacing = true;
    inner?.unsubscribe();
    isReplacing = false;
    send();
  };

  const retry = (error: TRPCClientError<TRouter>, context: object) => {
    if (isStream && isCutWhileOpening(error)) {
      // Not at once: the client still tries to send what it has queued, and takes all of it for sent.
      for (const again of starting) setTimeout(again);
      return;
    }
    if (!isGuardRefusal(error.data) || retries-- === 0) return observer.error(error);
    link.renew(context, wait).then((isRenewed) => (isRenewed ? send() : fail(error)), fail);
  };

  const send = () => {
    if (isOver) return;
    if (isOfAnother()) return fail(signedOut());
    const context = { ...op.context };
    owner = link.recordSent(context);
    const sentAt = link.now();
    if (isStream) starting.add(sendAgain);

    inner = next({ ...op, input, context }).subscribe({
      next: (value) => {
        if (isOfAnother()) return fail(signedOut());
        if (value.result.type !== 'state') starting.delete(sendAgain);
        if ('id' in value.result && value.result.id) {
          input = resumeAfter(op.input, value.result.id);
          retries = MAX_REFUSALS;
        }
        observer.next(value);
      },
      complete: () => {
        if (!isReplacing) observer.complete();
      },
      error: (error) => {
        if (isStream && link.now() - sentAt > LET_IN_AFTER_MS) retries = MAX_REFUSALS;
        retry(error, context);
      },
    });
    if (isOver) inner.unsubscribe();
  };

  return {
    start: () => {
      op.signal?.addEventListener('abort', abort);
      if (op.signal?.aborted) abort();
      else if (op.context.skipAuth) send();
      else link.ready(wait).then(send, fail);
    },
    stop: () => {
      isOver = true;
      starting.delete(sendAgain);
      op.signal?.removeEventListener('abort', abort);
      inner?.unsubscribe();
    },
  };
}

/** The input that makes a subscription go on after the event with this id. */
function resumeAfter(input: unknown, lastEventId: string): unknown {
  return typeof (input ?? {}) === 'object' ? { ...(input as object), lastEventId } : input;
}

/**
 * tRPC's WebSocket client gives up a subscription whose connection is cut between its opening and the first message. It
 * takes those that wait beside it for sent, and sends them when the next connection is cut.
 */
function isCutWhileOpening({ message }: Error): boolean {
  return message === 'Active connection is not open';
}
