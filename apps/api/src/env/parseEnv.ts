import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isGuessable, secret, secretRing } from './secretRing.js';
import {
  cookieDomain,
  duration,
  host,
  integer,
  isLoopback,
  mailbox,
  oneOf,
  origins,
  trustedProxies,
  uri,
  webAddress,
} from './values.js';

const schema = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  PORT: integer(0, 65_535).default(3000),
  HOST: host.optional(),
  MONGODB_URI: uri(['mongodb:', 'mongodb+srv:']).optional(),
  DATA_DIR: z.string().optional(),
  ACCESS_TOKEN_SECRET: secretRing({ pem: true }).optional(),
  REFRESH_TOKEN_SECRET: secretRing({ pem: false }).optional(),
  PASSWORD_PEPPER: secret.optional(),
  ACCESS_TOKEN_EXPIRY: duration('1s', '1d').prefault('15m'),
  REFRESH_TOKEN_EXPIRY: duration('1s', '400d').prefault('30d'),
  SESSION_EXPIRY: duration('1s', '400d').prefault('24h'),
  SESSION_IDLE_EXPIRY: duration('1s', '400d').prefault('7d'),
  REFRESH_GRACE: duration('0s', '60s').prefault('30s'),
  REVOCATION_POLL: duration('50ms', '60s').prefault('1s'),
  ACTIVITY_RETENTION: duration('1s', '10y').prefault('90d'),
  BCRYPT_COST: integer(4, 15).default(12),
  PASSWORD_MIN_LENGTH: integer(8, 64).default(8),
  APP_URL: webAddress.optional(),
  CORS_ORIGINS: origins.optional(),
  TRUST_PROXY: trustedProxies.optional(),
  SMTP_URL: uri(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: mailbox.optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  COOKIE_DOMAIN: cookieDomain.optional(),
  COOKIE_SAMESITE: oneOf('lax', 'strict', 'none').default('lax'),
  ACCESS_TOKEN_TRANSPORT: oneOf('bearer', 'cookie').default('bearer'),
});

/** The environment as the app uses it: every duration in milliseconds, every default applied. */
export type Env = ReturnType<typeof withDefaults>;

type Variables = z.infer<typeof schema>;

/** The problems of an environment, one line each. A line names the variable and never its value. */
export class EnvError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'EnvError';
    this.problems = problems;
  }
}

/**
 * Reads the app's settings from environment variables. An empty variable counts as unset. Secrets may be
 * missing outside production: see `ensureSecrets`.
 *
 * @throws {EnvError} with every problem at once
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const set = Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) throw new EnvError(parsed.error.issues.map(toLine));
  const problems = [...problemsAnywhere(parsed.data), ...problemsInProduction(parsed.data)];
  if (problems.length > 0) throw new EnvError(problems);
  return withDefaults(parsed.data);
}

function toLine({ path, message }: z.core.$ZodIssue) {
  return `${String(path[0])} ${message}`;
}

function withDefaults(v: Variables) {
  const production = v.NODE_ENV === 'production';
  const appUrl = v.APP_URL ?? `http://localhost:${v.PORT}`;
  return {
    nodeEnv: v.NODE_ENV,
    production,
    port: v.PORT,
    host: v.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    mongodbUri: v.MONGODB_URI,
    dataDir: dataDir(v.DATA_DIR),
    accessTokenKeys: v.ACCESS_TOKEN_SECRET,
    refreshTokenKeys: v.REFRESH_TOKEN_SECRET,
    passwordPepper: v.PASSWORD_PEPPER,
    accessTokenMs: v.ACCESS_TOKEN_EXPIRY,
    refreshTokenMs: v.REFRESH_TOKEN_EXPIRY,
    sessionMs: v.SESSION_EXPIRY,
    sessionIdleMs: Math.min(v.SESSION_IDLE_EXPIRY, Math.max(v.REFRESH_TOKEN_EXPIRY, v.SESSION_EXPIRY)),
    refreshGraceMs: v.REFRESH_GRACE,
    revocationPollMs: v.REVOCATION_POLL,
    activityRetentionMs: v.ACTIVITY_RETENTION,
    bcryptCost: v.BCRYPT_COST,
    passwordMinLength: v.PASSWORD_MIN_LENGTH,
    appUrl,
    // Several nodes on one machine listen on different ports and must accept each other's tokens.
    tokenIssuer: v.APP_URL ?? 'http://localhost',
    // The app's own pages send their origin too.
    allowedOrigins: [...new Set([new URL(appUrl).origin, ...(v.CORS_ORIGINS ?? [])])],
    trustProxy: v.TRUST_PROXY ?? false,
    smtp: v.SMTP_URL && v.MAIL_FROM ? { url: v.SMTP_URL, from: v.MAIL_FROM } : undefined,
    metricsPort: v.METRICS_PORT,
    cookieDomain: v.COOKIE_DOMAIN,
    cookieSameSite: v.COOKIE_SAMESITE,
    accessTokenTransport: v.ACCESS_TOKEN_TRANSPORT,
  };
}

function problemsAnywhere(v: Variables): string[] {
  const problems: string[] = [];
  if (v.BCRYPT_COST < 10 && v.NODE_ENV !== 'test')
    problems.push('BCRYPT_COST must be a whole number from 10 to 15');
  if (v.SMTP_URL && !v.MAIL_FROM) problems.push('MAIL_FROM must be set with SMTP_URL');
  if (v.COOKIE_DOMAIN && v.APP_URL && !isWithin(new URL(v.APP_URL).hostname, v.COOKIE_DOMAIN)) {
    problems.push('COOKIE_DOMAIN must be the host of APP_URL or a domain above it');
  }
  return problems;
}

function problemsInProduction(v: Variables): string[] {
  if (v.NODE_ENV !== 'production') return [];
  const secrets = {
    ACCESS_TOKEN_SECRET: v.ACCESS_TOKEN_SECRET,
    REFRESH_TOKEN_SECRET: v.REFRESH_TOKEN_SECRET,
    PASSWORD_PEPPER: v.PASSWORD_PEPPER === undefined ? undefined : [v.PASSWORD_PEPPER],
  };
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [name, keys] of Object.entries(secrets)) {
    if (keys === undefined) problems.push(`${name} must be set in production`);
    if (keys?.some(isGuessable)) problems.push(`${name} must be random, such as: openssl rand -base64 48`);
    if (keys?.some((key) => seen.has(key))) problems.push(`${name} must differ from the other secrets`);
    for (const key of keys ?? []) seen.add(key);
  }
  if (v.APP_URL && isInsecure(v.APP_URL))
    problems.push('APP_URL must be https in production, or cookies are not secure');
  if (v.CORS_ORIGINS?.some(isInsecure)) problems.push('CORS_ORIGINS must be https in production');
  return problems;
}

function isInsecure(address: string) {
  return address.startsWith('http:') && !isLoopback(address);
}

function isWithin(hostname: string, domain: string) {
  return hostname === domain.toLowerCase() || hostname.endsWith(`.${domain.toLowerCase()}`);
}

/** The same from `src` and from `dist`. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

function dataDir(given: string | undefined) {
  if (given === undefined) return join(ROOT, '.data');
  return isAbsolute(given) ? given : resolve(given);
}
