import type { AuthErrorData } from './wire.js';

/** Why a call of the session's own failed: refused by the server, or never answered by it. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The server's answer; undefined when none came: no network, a timeout, a proxy's error page. */
  declare readonly data: AuthErrorData | undefined;
  /** Seconds that the server, or a proxy before it, asked to wait. */
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
