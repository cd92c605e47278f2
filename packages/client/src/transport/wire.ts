/** A person, as the server describes them: `id` is the only field that never changes. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The answer to every successful sign-in and refresh; the refresh token itself travels in a cookie. */
export interface Credentials {
  readonly user: User;
  readonly session: {
    readonly id: string;
    /** Grows by one with every rotation: of two answers, the higher is the newer. */
    readonly generation: number;
    /** ISO 8601: the absolute end of the session. */
    readonly expiresAt: string;
  };
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The reasons in `error.data.reason`; a newer server may know more. */
export type AuthReason =
  | 'TOKEN_MISSING'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'SESSION_EXPIRED'
  | 'SESSION_REVOKED'
  | 'REFRESH_MISSING'
  | 'REFRESH_INVALID'
  | 'REFRESH_STALE'
  | 'REFRESH_REUSED'
  | 'STEP_UP_REQUIRED'
  | 'ROLE_REQUIRED'
  | 'INVALID_CREDENTIALS'
  | 'USERNAME_TAKEN'
  | 'EMAIL_TAKEN'
  | 'PASSWORD_TOO_COMMON'
  | 'LINK_INVALID'
  | 'ACCOUNT_DISABLED'
  | 'TOO_MANY_ATTEMPTS'
  | 'CSRF_REJECTED'
  | 'STREAM_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'OWN_ACCOUNT'
  | 'LAST_ADMINISTRATOR'
  | 'MAIL_DISABLED'
  | 'VALIDATION';

/** The `data` of an error answer. */
export interface AuthErrorData {
  /** tRPC's name for the kind of error, such as `UNAUTHORIZED`. */
  readonly code: string;
  readonly httpStatus: number;
  readonly reason?: AuthReason;
  /** Seconds to wait before the next try. */
  readonly retryAfter?: number;
  /** Messages by input field, to be shown beside it. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/** Input of `login`: `identifier` is a username or an e-mail address. */
export interface LoginInput {
  readonly identifier: string;
  readonly password: string;
  readonly remember?: boolean;
}

/** Input of `register`. */
export interface RegisterInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly remember?: boolean;
}

/** Input of {@link changePassword}. */
export interface ChangePasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
  /**
   * Whether all other sessions of the person end.
   *
   * @default true
   */
  readonly revokeOthers?: boolean;
}
