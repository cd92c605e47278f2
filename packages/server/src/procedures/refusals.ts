import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { AuthReason } from '../errors/reasons.js';
import type { AuthEvents, AuthEventType } from '../events/authEvents.js';
import type { AuthRequest } from '../http/authRequest.js';

/** A call that was refused, and its session where the access token was genuine. */
export interface Refusal {
  readonly error: unknown;
  readonly request: AuthRequest;
  readonly session?: { readonly id: string; readonly userId: string } | undefined;
}

export type ReportRefusal = (refusal: Refusal) => void;

/**
 * The event of each reason. Undefined where the refusal is part of ordinary use, or where the code that refuses
 * emits an event with more details.
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

/** Reports refused calls as security events: the reason alone, because the input may be a secret. */
export function createReportRefusal(events: AuthEvents): ReportRefusal {
  const reported = new WeakSet<object>();
  return ({ error, request, session }) => {
    if (!(error instanceof Error)) return;
    // Where one guard stands within another, both report the error; the inner one comes first and knows more.
    const refusal = error.cause instanceof AuthError ? error.cause : error;
    if (reported.has(refusal)) return;
    reported.add(refusal);
    const { reason } = toErrorShape(error, undefined).data;
    const type = reason && EVENT_OF_REASON[reason];
    if (type === undefined) return;
    const about = refusal instanceof AuthError ? refusal.about : {};
    events.emit(type, {
      userId: about.userId ?? session?.userId,
      sessionId: about.sessionId ?? session?.id,
      client: request.client,
      detail: reason,
    });
  };
}
