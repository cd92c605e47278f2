import { type AuthReason, messageOfReason } from './reasons.js';

/** Messages per input field, as shown beside a form's fields. */
export type FieldMessages = Record<string, string[]>;

/** What an {@link AuthError} may carry beside its reason. */
export interface AuthErrorDetails {
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
  /** Messages per input field. */
  fields?: FieldMessages;
  /** Parameters of the `WWW-Authenticate` challenge beyond those that the reason implies. */
  challenge?: Record<string, string>;
  /** The account and the session it concerns, for security events; never sent to clients. */
  about?: { userId?: string | undefined; sessionId?: string | undefined };
  cause?: unknown;
}

/**
 * A refusal with an {@link AuthReason}: the only error whose message clients get.
 *
 * Each reason has one fixed message, so nothing that a caller passes in can leak through it.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly reason: AuthReason;
  readonly retryAfter: number | undefined;
  readonly fields: FieldMessages | undefined;
  readonly challenge: Record<string, string> | undefined;
  readonly about: NonNullable<AuthErrorDetails['about']>;

  constructor(reason: AuthReason, details: AuthErrorDetails = {}) {
    super(messageOfReason(reason), { cause: details.cause });
    this.reason = reason;
    this.retryAfter = details.retryAfter;
    this.fields = details.fields;
    this.challenge = details.challenge;
    this.about = details.about ?? {};
  }
}
