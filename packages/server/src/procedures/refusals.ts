import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { AuthReason } from '../errors/reasons.js';
import type { AuthEvents, AuthEventType } from '../events/authEvents.js';
import type { AuthRequest } from '../http/authRequest.js';

/** A call that was refused, and the session it was made with if that was genuine. */
export interface Refusal {
  readonly error: unknown;
  readonly exchange: AuthRequest;
  readonly session?: { readonly id: string; readonly userId: string } | undefined;
}

/**
 * The event of each reason. None where the refusal is part of ordinary use, or where the place that refuses
 * tells of it with more details.
 */
const EVENT_OF_REASON: Record<AuthReason, AuthEventType | undefined> = {
  TOKEN_MISSING: 'authz_fail',
  TOKEN_EXPIRED: undefined,
  TOKEN_INVALID: 'authz_fail',
  SESSION_EXPIRED: 'session_expired',
  SESSION_REVOKED: 'session_use_after_expire',
  REFRESH_MISSING: undefined,
  REFRESH_INVALID: 'authz_fail',
  REFRESH_STALE: undefined,
  REFRESH_REUSED: undefined,
  STEP_UP_REQUIRED: 'authz_fail',
  ROLE_REQUIRED: 'authz_fail',
  INVALID_CREDENTIALS: undefined,
  USERNAME_TAKEN: undefined,
  EMAIL_TAKEN: undefined,
  PASSWORD_TOO_COMMON: undefined,
  LINK_INVALID: 'authz_fail',
  ACCOUNT_DISABLED: 'authz_fail',
  TOO_MANY_ATTEMPTS: 'excess_rate_limit_exceeded',
  CSRF_REJECTED: 'malicious_csrf',
  STREAM_NOT_ALLOWED: 'input_validation_fail',
  NOT_FOUND: undefined,
  OWN_ACCOUNT: undefined,
  LAST_ADMINISTRATOR: undefined,
  MAIL_DISABLED: undefined,
  VALIDATION: 'input_validation_fail',
};

/** Tells of refused calls as security events; by reason only, since input may be a secret. */
export function createRefusalEvents(events: AuthEvents): (refusal: Refusal) => void {
  const told = new WeakSet<object>();
  return ({ error, exchange, session }) => {
    if (!(error instanceof Error)) return;
    // Where one guard stands within another, both hear of it; the inner one knows more.
    const refusal = error.cause instanceof AuthError ? error.cause : error;
    if (told.has(refusal)) return;
    told.add(refusal);
    const { reason } = toErrorShape(error, undefined).data;
    const type = reason && EVENT_OF_REASON[reason];
    if (type === undefined) return;
    const about = refusal instanceof AuthError ? refusal.about : {};
    events.emit(type, {
      userId: about.userId ?? session?.userId,
      sessionId: about.sessionId ?? session?.id,
      client: exchange.client,
      detail: reason,
    });
  };
}
