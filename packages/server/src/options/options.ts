import type { Connection } from 'mongoose';
import type { Clock } from '../clock.js';
import type { AuthEvent } from '../events/authEvents.js';
import type { CookieOptions } from '../http/cookies.js';
import { type LimitsOptions, resolveLimits } from '../limits/limitOptions.js';
import type { AuthMailer } from '../mail/authMail.js';
import type { BreachCheck } from '../password/passwordPolicy.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Configuration of {@link createAuth}; lifetimes in milliseconds. */
export interface AuthOptions {
  /** The connection that users and sessions are stored through. */
  readonly mongoose: Connection;
  /** Where browsers reach the app, such as `https://app.example.com`. */
  readonly appUrl: string;
  /** Exact origins that may call procedures with cookies; `appUrl`'s unless given. */
  readonly allowedOrigins?: readonly string[];
  /** Told to people in mails, and refused inside passwords. */
  readonly appName?: string;
  /** Whether cookies must be `Secure` whatever `appUrl` says; true unless given. */
  readonly production?: boolean;
  readonly accessToken: {
    /** Key ring: secrets of at least 32 bytes, or PEM private keys; the first signs, all verify. */
    readonly keys: readonly string[];
    /** 15 minutes unless given. */
    readonly lifetimeMs?: number;
    /** A shorter life for the tokens of some sessions, in milliseconds, asked for whenever one is signed. */
    readonly lifetimeOf?: (session: { id: string; userId: string }) => number | undefined;
    /** `bearer` unless given; `cookie` also sets an access cookie, for server-rendered apps. */
    readonly transport?: 'bearer' | 'cookie';
    /** `appUrl` unless given. */
    readonly issuer?: string;
    /** `appUrl` unless given. */
    readonly audience?: string;
  };
  readonly refreshToken: {
    /** Key ring: secrets of at least 32 bytes; the first signs, all verify. */
    readonly keys: readonly string[];
    /** Absolute life of a remembered session; 30 days unless given, the longest that NIST SP 800-63B-4 allows at AAL1. */
    readonly lifetimeMs?: number;
    /** How long a superseded token still answers its successor; 30 seconds unless given, 0–60. */
    readonly graceMs?: number;
    /** How many generations a restored database may lie behind; 8 unless given, 0 = refuse. */
    readonly healLimit?: number;
  };
  readonly session?: {
    /** Absolute life of a session that is not remembered; 24 hours unless given, the longest for AAL2. */
    readonly lifetimeMs?: number;
    /** Ends a session that was not refreshed for this long; 7 days unless given; 1 hour for AAL2. */
    readonly idleMs?: number;
    /**
     * How many live sessions one person may have, 1 or more; 100 unless given. A sign-in beyond that ends
     * the one that was refreshed least recently.
     */
    readonly maxPerUser?: number;
    /**
     * How old a sign-in may be to change the e-mail address or to delete the account; 15 minutes unless given.
     * After that the person is asked to sign in again (STEP_UP_REQUIRED).
     */
    readonly stepUpMaxAgeMs?: number;
  };
  readonly password: {
    /** Secret that passwords are keyed with; at least 32 bytes, kept apart from the database. */
    readonly pepper: string;
    /** bcrypt's cost; 12 unless given. */
    readonly bcryptCost?: number;
    /** In code points; 8 unless given. */
    readonly minLength?: number;
    /**
     * Whether a new password is known from a breach; asked after the policy has found nothing against it. Nobody is
     * asked unless given. What it throws fails the call.
     */
    readonly isBreached?: BreachCheck;
  };
  /** How often what may be attempted, by action; see `DEFAULT_LIMITS` for what holds unless given. */
  readonly limits?: LimitsOptions;
  readonly revocation?: {
    /** How often a node asks for revoked sessions; 1 second unless given. */
    readonly pollMs?: number;
    /** How long that may fail before the node reports itself unready; 30 seconds unless given. */
    readonly maxAgeMs?: number;
  };
  readonly activity?: {
    /** How long it is kept what happened to an account; 90 days unless given. */
    readonly retentionMs?: number;
  };
  readonly cookie?: Partial<Pick<CookieOptions, 'domain' | 'sameSite'>>;
  /**
   * Sends mails. Without it `auth.password.requestReset`, `auth.email.requestVerification` and
   * `auth.email.change` answer NOT_IMPLEMENTED, and nobody gets notices.
   */
  readonly mail?: AuthMailer;
  /** Hears security events; they hold no secret. */
  readonly onEvent?: (event: AuthEvent) => void;
  /**
   * The time, for tests. Without it the node follows the database's clock, so that nodes whose own
   * clocks differ agree.
   */
  readonly clock?: Clock;
}

const MIN_SECRET_BYTES = 32;
const MAX_GRACE_MS = MINUTE;

/**
 * Fills in the defaults.
 *
 * @throws Error naming the option that is wrong, never its value
 */
export function resolveOptions(options: AuthOptions) {
  const { accessToken, refreshToken, password } = options;
  const { session = {}, revocation = {}, activity = {}, cookie = {} } = options;
  for (const key of refreshToken.keys) assertSecret('refreshToken.keys', key);
  assertSecret('password.pepper', password.pepper);
  const graceMs = refreshToken.graceMs ?? 30 * SECOND;
  if (graceMs < 0 || graceMs > MAX_GRACE_MS) throw new Error('refreshToken.graceMs must be 0 to 60000.');
  const maxPerUser = session.maxPerUser ?? 100;
  if (!Number.isInteger(maxPerUser) || maxPerUser < 1)
    throw new Error('session.maxPerUser must be at least 1.');
  const production = options.production ?? true;
  const sameSite = cookie.sameSite ?? 'lax';
  return {
    appName: options.appName ?? 'Latchkey',
    allowedOrigins: options.allowedOrigins ?? [new URL(options.appUrl).origin],
    accessToken: {
      keys: accessToken.keys,
      lifetimeMs: accessToken.lifetimeMs ?? 15 * MINUTE,
      lifetimeOf: accessToken.lifetimeOf,
      transport: accessToken.transport ?? ('bearer' as const),
      issuer: accessToken.issuer ?? options.appUrl,
      audience: accessToken.audience ?? options.appUrl,
    },
    refresh: {
      graceMs,
      healLimit: refreshToken.healLimit ?? 8,
      persistentLifetimeMs: refreshToken.lifetimeMs ?? 30 * DAY,
      lifetimeMs: session.lifetimeMs ?? DAY,
      idleMs: session.idleMs ?? 7 * DAY,
      maxPerUser,
    },
    password: {
      cost: password.bcryptCost ?? 12,
      minLength: password.minLength ?? 8,
      pepper: password.pepper,
      isBreached: password.isBreached,
    },
    limits: resolveLimits(options.limits),
    stepUpMaxAgeMs: session.stepUpMaxAgeMs ?? 15 * MINUTE,
    revocation: { pollMs: revocation.pollMs ?? SECOND, maxAgeMs: revocation.maxAgeMs ?? 30 * SECOND },
    activity: { retentionMs: activity.retentionMs ?? 90 * DAY },
    cookie: { appUrl: options.appUrl, production, sameSite, domain: cookie.domain },
  };
}

function assertSecret(option: string, secret: string): void {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new Error(`${option} must have at least ${MIN_SECRET_BYTES} bytes.`);
  }
}
