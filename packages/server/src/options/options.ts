import type { Connection } from 'mongoose';
import type { Clock } from '../clock.js';
import type { AuthEvent } from '../events/authEvents.js';
import type { CookieOptions } from '../http/cookies.js';
import type { LimitsOptions } from '../limits/limitOptions.js';
import type { AuthMailer } from '../mail/authMail.js';
import type { BreachCheck } from '../password/passwordPolicy.js';

/** Options of `createAuth`. */
export interface AuthOptions {
  /** The connection to the database that holds users and sessions. */
  readonly mongoose: Connection;
  /** The app's URL as browsers see it, such as `https://app.example.com`. */
  readonly appUrl: string;
  /**
   * Exact origins that may call procedures with cookies.
   *
   * @default the origin of `appUrl`
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * The app's name. Mails contain it, and passwords must not.
   *
   * @default 'Latchkey'
   */
  readonly appName?: string;
  /**
   * Whether cookies must be `Secure`, whatever `appUrl` is.
   *
   * @default true
   */
  readonly production?: boolean;
  /** Access tokens: their keys, lifetime and claims. */
  readonly accessToken: AccessTokenOptions;
  /** Refresh tokens: their keys, and what happens when one is used twice. */
  readonly refreshToken: RefreshTokenOptions;
  /** Sessions: their lifetimes and how many a person may have. */
  readonly session?: SessionOptions;
  /** Passwords: their hashing and what a new one must meet. */
  readonly password: PasswordOptions;
  /**
   * How many attempts are allowed, by action.
   *
   * @default DEFAULT_LIMITS
   */
  readonly limits?: LimitsOptions;
  /** How a node learns which sessions were revoked on other nodes. */
  readonly revocation?: {
    /**
     * How often a node reads the revoked sessions, in milliseconds.
     *
     * @default 1000 (1 second)
     */
    readonly pollMs?: number;
    /**
     * How long that may fail before the node reports itself unready, in milliseconds.
     *
     * @default 30000 (30 seconds)
     */
    readonly maxAgeMs?: number;
  };
  /** The record of what happened to an account. */
  readonly activity?: {
    /**
     * How long an account's events are kept, in milliseconds.
     *
     * @default 7776000000 (90 days)
     */
    readonly retentionMs?: number;
  };
  /** Attributes of the cookies. */
  readonly cookie?: {
    /**
     * Shares the cookies with this domain and its subdomains.
     *
     * @default undefined (this host only)
     */
    readonly domain?: CookieOptions['domain'];
    /**
     * The cookies' `SameSite` attribute.
     *
     * @default 'lax'
     */
    readonly sameSite?: CookieOptions['sameSite'];
  };
  /**
   * Sends mails. Without it `auth.password.requestReset`, `auth.email.requestVerification` and `auth.email.change`
   * are refused with NOT_IMPLEMENTED, and no notices are sent.
   */
  readonly mail?: AuthMailer;
  /** Called with every security event. Events contain no secrets. */
  readonly onEvent?: (event: AuthEvent) => void;
  /**
   * The current time in milliseconds, for tests.
   *
   * @default the database's clock, so that nodes whose clocks differ agree
   */
  readonly clock?: Clock;
}

export interface AccessTokenOptions {
  /** Key ring: secrets of at least 32 bytes, or PEM private keys. The first signs, all verify. */
  readonly keys: readonly string[];
  /**
   * How long an access token is valid, in milliseconds.
   *
   * @default 900000 (15 minutes)
   */
  readonly lifetimeMs?: number;
  /** A shorter lifetime for some sessions, in milliseconds. Called whenever a token is signed. */
  readonly lifetimeOf?: (session: { id: string; userId: string }) => number | undefined;
  /**
   * `cookie` also sets an access cookie, for server-rendered apps.
   *
   * @default 'bearer'
   */
  readonly transport?: 'bearer' | 'cookie';
  /**
   * The `iss` claim.
   *
   * @default appUrl
   */
  readonly issuer?: string;
  /**
   * The `aud` claim.
   *
   * @default appUrl
   */
  readonly audience?: string;
}

export interface RefreshTokenOptions {
  /** Key ring: secrets of at least 32 bytes. The first signs, all verify. */
  readonly keys: readonly string[];
  /**
   * Absolute lifetime of a remembered session, in milliseconds. NIST SP 800-63B-4 allows at most 30 days at AAL1.
   *
   * @default 2592000000 (30 days)
   */
  readonly lifetimeMs?: number;
  /**
   * Grace period: how long a superseded token still gets its successor, in milliseconds, 0 to 60000.
   *
   * @default 30000 (30 seconds)
   */
  readonly graceMs?: number;
  /**
   * How many generations a restored database may be behind its clients' tokens; 0 refuses them all.
   *
   * @default 8
   */
  readonly healLimit?: number;
}

export interface SessionOptions {
  /**
   * Absolute lifetime of a session that is not remembered, in milliseconds. AAL2 allows at most 24 hours.
   *
   * @default 86400000 (24 hours)
   */
  readonly lifetimeMs?: number;
  /**
   * Idle lifetime: a session ends when it has not been refreshed for this long, in milliseconds. AAL2 allows at most
   * 1 hour.
   *
   * @default 604800000 (7 days)
   */
  readonly idleMs?: number;
  /**
   * How many live sessions one person may have, 1 or more. A sign-in beyond that ends the session that was refreshed
   * least recently.
   *
   * @default 100
   */
  readonly maxPerUser?: number;
  /**
   * How old a sign-in may be to change the e-mail address or to delete the account, in milliseconds. After that the
   * person must sign in again (STEP_UP_REQUIRED).
   *
   * @default 900000 (15 minutes)
   */
  readonly stepUpMaxAgeMs?: number;
}

export interface PasswordOptions {
  /** The secret that passwords are keyed with: at least 32 bytes, stored apart from the database. */
  readonly pepper: string;
  /**
   * bcrypt's cost.
   *
   * @default 12
   */
  readonly bcryptCost?: number;
  /**
   * The shortest new password, in code points.
   *
   * @default 8
   */
  readonly minLength?: number;
  /**
   * Checks whether a new password is known from a breach. Called once the policy accepts the password. An error that it
   * throws fails the call.
   *
   * @default undefined (no check)
   */
  readonly isBreached?: BreachCheck;
}
