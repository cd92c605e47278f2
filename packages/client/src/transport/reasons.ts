import { AuthError } from './authError.js';
import type { AuthErrorData, AuthReason } from './wire.js';

/** Why a session ended. `SIGNED_OUT`: by the person, in this tab or another. */
export type EndReason =
  | 'SIGNED_OUT'
  | 'SESSION_EXPIRED'
  | 'SESSION_REVOKED'
  | 'REFRESH_MISSING'
  | 'REFRESH_INVALID'
  | 'REFRESH_REUSED'
  | 'ACCOUNT_DISABLED';

/**
 * What a reason means to the session.
 *
 * - `token`: the guard refused the access token; a newer one may do.
 * - `over`: the session is over, as the guard or a refresh says.
 * - `refused`: a refresh refused for it ends the session.
 * - `absent`: the same, and a page that did not know yet learns that nobody is signed in.
 * - `late`: the refresh came too late; the cookie jar may hold the newer token already.
 */
type Meaning = 'token' | EndMeaning | 'late';
type EndMeaning = 'over' | 'refused' | 'absent';

/** Reasons that say nothing about the session; a type alone, so that they cost a page nothing. */
type OtherReason =
  | 'STEP_UP_REQUIRED'
  | 'ROLE_REQUIRED'
  | 'INVALID_CREDENTIALS'
  | 'USERNAME_TAKEN'
  | 'EMAIL_TAKEN'
  | 'PASSWORD_TOO_COMMON'
  | 'LINK_INVALID'
  | 'TOO_MANY_ATTEMPTS'
  | 'CSRF_REJECTED'
  | 'STREAM_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'OWN_ACCOUNT'
  | 'LAST_ADMINISTRATOR'
  | 'MAIL_DISABLED'
  | 'VALIDATION';

type Meanings = {
  readonly [TReason in Exclude<AuthReason, OtherReason>]: TReason extends EndReason
    ? EndMeaning
    : Exclude<Meaning, EndMeaning>;
};

/**
 * Fails to compile when a reason is added that is neither here nor an {@link OtherReason}, or when it ends the session
 * without being an end reason.
 */
const MEANINGS: Meanings & { readonly [reason: string]: Meaning | undefined } = {
  TOKEN_MISSING: 'token',
  TOKEN_EXPIRED: 'token',
  TOKEN_INVALID: 'token',
  SESSION_EXPIRED: 'over',
  SESSION_REVOKED: 'over',
  REFRESH_MISSING: 'absent',
  REFRESH_INVALID: 'absent',
  REFRESH_STALE: 'late',
  REFRESH_REUSED: 'refused',
  ACCOUNT_DISABLED: 'refused',
};

/** Undefined for every other reason, also one that this version does not know, such as a newer server's. */
function meaningOf(reason: string | undefined): Meaning | undefined {
  return MEANINGS[`${reason}`];
}

function isEndReason(reason: AuthReason | undefined): reason is Exclude<EndReason, 'SIGNED_OUT'> {
  const meaning = meaningOf(reason);
  return meaning === 'over' || meaning === 'refused' || meaning === 'absent';
}

/**
 * The reason with which a refresh was definitely refused, or undefined: anything else that went wrong (no network, 5xx,
 * too many requests, a proxy's page, even a bare 401) says nothing about the session and must not end it.
 */
export function endReason({ data }: AuthError): EndReason | undefined {
  return isEndReason(data?.reason) ? data.reason : undefined;
}

/** Whether a refresh that was refused for this reason tells that the browser has no session. */
export function isAbsent(reason: EndReason): boolean {
  return meaningOf(reason) === 'absent';
}

/** Whether a refresh came too late, and should be tried again soon. */
export function isStale({ data }: AuthError): boolean {
  return meaningOf(data?.reason) === 'late';
}

/** Whether a call of the session got no final answer, so that it should be made again. */
export function isUnanswered(error: unknown): error is AuthError {
  const status = error instanceof AuthError ? (error.data?.httpStatus ?? 503) : 0;
  return status >= 500 || status === 429;
}

/**
 * Whether the guard refused an operation before its resolver ran, for the token it came with, so that sending it again
 * with a newer one is harmless. A token that differs from the one in the cookie is named as a field.
 */
export function isGuardRefusal(data: Partial<AuthErrorData> | null | undefined): boolean {
  const meaning = meaningOf(data?.reason);
  const isByGuard = meaning === 'token' || meaning === 'over';
  return (data?.code === 'UNAUTHORIZED' && isByGuard) || !!data?.fields?.authorization;
}

/** The error of calls that waited for a token when the person signed out, or another signed in. */
export function signedOut(): AuthError {
  return new AuthError('Signed out', { data: { code: 'UNAUTHORIZED', httpStatus: 401 } });
}
