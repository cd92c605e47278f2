import { resolveLimits } from '../limits/limitOptions.js';
import type { AuthOptions, PasswordOptions, RefreshTokenOptions, SessionOptions } from './options.js';
import { assertSecret } from './secrets.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const MAX_GRACE_MS = MINUTE;

/**
 * Fills in the defaults.
 *
 * @throws Error naming the option that is wrong; it never contains a secret
 */
export function resolveOptions(options: AuthOptions) {
  const { session = {}, revocation = {}, activity = {} } = options;
  return {
    appName: options.appName ?? 'Latchkey',
    allowedOrigins: options.allowedOrigins ?? [new URL(options.appUrl).origin],
    accessToken: resolveAccessToken(options),
    refresh: resolveRefresh(options.refreshToken, session),
    password: resolvePassword(options.password),
    limits: resolveLimits(options.limits),
    stepUpMaxAgeMs: session.stepUpMaxAgeMs ?? 15 * MINUTE,
    revocation: { pollMs: revocation.pollMs ?? SECOND, maxAgeMs: revocation.maxAgeMs ?? 30 * SECOND },
    activity: { retentionMs: activity.retentionMs ?? 90 * DAY },
    cookie: resolveCookie(options),
  };
}

/** `accessToken.keys` are checked where they are read, because a PEM key is judged by its algorithm. */
function resolveAccessToken({ accessToken, appUrl }: AuthOptions) {
  const { keys, lifetimeMs, lifetimeOf, transport, issuer, audience } = accessToken;
  return {
    keys,
    lifetimeMs: lifetimeMs ?? 15 * MINUTE,
    lifetimeOf,
    transport: transport ?? ('bearer' as const),
    issuer: issuer ?? appUrl,
    audience: audience ?? appUrl,
  };
}

function resolveRefresh(refreshToken: RefreshTokenOptions, session: SessionOptions) {
  for (const [index, key] of refreshToken.keys.entries()) assertSecret(`refreshToken.keys[${index}]`, key);
  const graceMs = refreshToken.graceMs ?? 30 * SECOND;
  if (graceMs < 0 || graceMs > MAX_GRACE_MS)
    throw new Error(`refreshToken.graceMs is ${graceMs}; it must be 0 to ${MAX_GRACE_MS}.`);
  const maxPerUser = session.maxPerUser ?? 100;
  if (!Number.isInteger(maxPerUser) || maxPerUser < 1)
    throw new Error(`session.maxPerUser is ${maxPerUser}; it must be a whole number of at least 1.`);
  return {
    graceMs,
    healLimit: refreshToken.healLimit ?? 8,
    persistentLifetimeMs: refreshToken.lifetimeMs ?? 30 * DAY,
    lifetimeMs: session.lifetimeMs ?? DAY,
    idleMs: session.idleMs ?? 7 * DAY,
    maxPerUser,
  };
}

function resolvePassword({ pepper, bcryptCost, minLength, isBreached }: PasswordOptions) {
  assertSecret('password.pepper', pepper);
  return { cost: bcryptCost ?? 12, minLength: minLength ?? 8, pepper, isBreached };
}

function resolveCookie({ appUrl, production = true, cookie = {} }: AuthOptions) {
  return { appUrl, production, sameSite: cookie.sameSite ?? ('lax' as const), domain: cookie.domain };
}
