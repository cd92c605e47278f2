import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import { toTrpcError } from '../errors/errorShape.js';
import type { CallerSession } from '../http/authContext.js';
import type { Revocations } from '../session/revocations.js';

/** setTimeout's own limit; a longer wait is taken in steps. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Makes the signal that ends a subscription: it aborts when the access token ends (TOKEN_EXPIRED) or the
 * session is revoked (SESSION_REVOKED). Its `reason` is the error to throw, so that the client refreshes
 * and resumes, or learns that the session is over.
 *
 * Pass the request's own signal too, so that nothing stays behind when the client leaves first.
 */
export function createStreamSignal(options: {
  revocations: Pick<Revocations, 'has' | 'onRevoked'>;
  clock: Clock;
}): (session: CallerSession, request: AbortSignal | undefined) => AbortSignal {
  const { revocations, clock } = options;
  return (session, request) => {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const end = (reason: unknown) => {
      if (controller.signal.aborted) return;
      clearTimeout(timer);
      unsubscribe();
      controller.abort(reason);
    };
    const revoke = () => end(toTrpcError(new AuthError('SESSION_REVOKED')));
    const unsubscribe = revocations.onRevoked(session.id, revoke);
    const wait = () => {
      const left = session.tokenExpiresAt.getTime() - clock();
      if (left <= 0) return end(toTrpcError(new AuthError('TOKEN_EXPIRED')));
      timer = setTimeout(wait, Math.min(left, MAX_TIMEOUT_MS));
    };
    if (request?.aborted) end(request.reason);
    // The guard looked before the resolver ran, which may have taken its time.
    else if (revocations.has(session.id)) revoke();
    else wait();
    request?.addEventListener('abort', () => end(request.reason), { signal: controller.signal });
    return controller.signal;
  };
}
