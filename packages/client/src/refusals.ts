import { AuthError } from './authError.js';
import type { EndReason } from './sessionTypes.js';
import type { AuthErrorData } from './wire.js';

/**
 * The reason with which a refresh was definitely refused, or undefined: whatever else went wrong (no network, 5xx,
 * too many requests, a proxy's page, even a bare 401) says nothing about the session and must not end it.
 */
export const endReason = ({ data }: AuthError): EndReason | undefined =>
  /^(SESSION_|ACCOUNT_|REFRESH_(?!STALE))/.test(`${data?.reason}`) ? (data?.reason as EndReason) : undefined;

/** Whether a call of the session's own got no answer that settles it, so that it should be made again. */
export const isUnanswered = (error: unknown): error is AuthError =>
  error instanceof AuthError && /^(5|429)/.test(`${error.data?.httpStatus ?? 5}`);

/**
 * Whether the guard refused an operation before its resolver ran, for the token it came with, so that sending it again
 * with a newer one is harmless. A token that differs from the one in the cookie is named as a field.
 */
export const isGuardRefusal = (data: Partial<AuthErrorData> | null | undefined): boolean =>
  /^(TOKEN|SESSION)_/.test(`${data?.code === 'UNAUTHORIZED' && data.reason}`) ||
  !!data?.fields?.authorization;

/** The error of those who waited for a token when the person was signed out, or another signed in. */
export const signedOut = (): AuthError =>
  new AuthError('Signed out', { data: { code: 'UNAUTHORIZED', httpStatus: 401 } });

/** The error itself if the server said so, else that of a call that brought no answer of the server's. */
export const toAuthError = (cause: unknown, retryAfter?: number): AuthError =>
  cause instanceof AuthError ? cause : new AuthError('No answer', { cause, retryAfter });
