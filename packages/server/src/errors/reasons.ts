import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';

/** How each reason reaches a client: its tRPC code and its message. */
const REASONS = {
  TOKEN_MISSING: { code: 'UNAUTHORIZED', message: 'An access token is required.' },
  TOKEN_EXPIRED: { code: 'UNAUTHORIZED', message: 'The access token has expired.' },
  TOKEN_INVALID: { code: 'UNAUTHORIZED', message: 'The access token is not valid.' },
  SESSION_EXPIRED: { code: 'UNAUTHORIZED', message: 'The session has expired.' },
  SESSION_REVOKED: { code: 'UNAUTHORIZED', message: 'The session was ended.' },
  REFRESH_MISSING: { code: 'UNAUTHORIZED', message: 'A refresh token is required.' },
  REFRESH_INVALID: { code: 'UNAUTHORIZED', message: 'The refresh token is not valid.' },
  REFRESH_STALE: { code: 'UNAUTHORIZED', message: 'The refresh token was replaced a moment ago.' },
  REFRESH_REUSED: {
    code: 'UNAUTHORIZED',
    message: 'The refresh token was used before; the session was ended.',
  },
  STEP_UP_REQUIRED: { code: 'FORBIDDEN', message: 'Sign in again to do this.' },
  ROLE_REQUIRED: { code: 'FORBIDDEN', message: 'This needs a role that you do not have.' },
  INVALID_CREDENTIALS: { code: 'UNAUTHORIZED', message: 'The name or the password is wrong.' },
  USERNAME_TAKEN: { code: 'CONFLICT', message: 'This username is taken.' },
  EMAIL_TAKEN: { code: 'CONFLICT', message: 'This e-mail address is in use.' },
  PASSWORD_TOO_COMMON: { code: 'BAD_REQUEST', message: 'This password is too easy to guess.' },
  LINK_INVALID: { code: 'BAD_REQUEST', message: 'This link is not valid any more.' },
  ACCOUNT_DISABLED: { code: 'FORBIDDEN', message: 'This account is disabled.' },
  TOO_MANY_ATTEMPTS: { code: 'TOO_MANY_REQUESTS', message: 'Too many attempts. Try again later.' },
  CSRF_REJECTED: { code: 'FORBIDDEN', message: 'The request does not come from an allowed place.' },
  STREAM_NOT_ALLOWED: { code: 'BAD_REQUEST', message: 'This procedure cannot be called in a stream.' },
  NOT_FOUND: { code: 'NOT_FOUND', message: 'Nothing with this id was found.' },
  OWN_ACCOUNT: { code: 'FORBIDDEN', message: 'You cannot do this to your own account.' },
  LAST_ADMINISTRATOR: { code: 'CONFLICT', message: 'This is the last administrator.' },
  MAIL_DISABLED: { code: 'NOT_IMPLEMENTED', message: 'This server sends no mail.' },
  VALIDATION: { code: 'BAD_REQUEST', message: 'The input is not valid.' },
} as const satisfies Record<string, { code: TRPC_ERROR_CODE_KEY; message: string }>;

/** Why Latchkey refused: the closed union of `error.data.reason`. */
export type AuthReason = keyof typeof REASONS;

/** Every {@link AuthReason}. */
export const AUTH_REASONS: readonly AuthReason[] = Object.keys(REASONS).filter(
  (name): name is AuthReason => name in REASONS,
);

export function codeOfReason(reason: AuthReason): TRPC_ERROR_CODE_KEY {
  return REASONS[reason].code;
}

export function messageOfReason(reason: AuthReason): string {
  return REASONS[reason].message;
}
