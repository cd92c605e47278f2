import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import { toTrpcError } from '../errors/errorShape.js';
import type { CallerSession } from '../http/authContext.js';
import type { Revocations } from '../session/revocations.js';

/** The longest delay that setTimeout accepts; a longer wait is divided into steps. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Makes the signal that ends a subscription. It aborts when the access token ends (TOKEN_EXPIRED) or the session is
 * revoked (SESSION_REVOKED). Throw its `reason`: the client then refreshes and resumes, or sees that its session is over.
 *
 * Pass the request's signal too, so that timer and listener are removed when the client disconnects first.
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
    // The session may have been revoked since the guard checked it.
    else if (revocations.has(session.id)) revoke();
    else wait();
    request?.addEventListener('abort', () => end(request.reason), { signal: controller.signal });
    return controller.signal;
  };
}
