import type { AuthErrorData } from './wire.js';

/** Why a call of the session failed: the server refused it, or did not answer. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The server's answer; undefined when none came: no network, a timeout, a proxy's error page. */
  declare readonly data: AuthErrorData | undefined;
  /** Seconds to wait, as the server or a proxy asked. */
  declare readonly retryAfter: number | undefined;

  constructor(
    message: string,
    options: { data?: AuthErrorData | undefined; retryAfter?: number | undefined; cause?: unknown },
  ) {
    super(message, options);
    this.data = options.data;
    this.retryAfter = options.data?.retryAfter ?? options.retryAfter;
  }
}

/** Keeps an error that the server answered with; any other means that the server did not answer. */
export function toAuthError(cause: unknown, retryAfter?: number): AuthError {
  return cause instanceof AuthError ? cause : new AuthError('No answer', { cause, retryAfter });
}
