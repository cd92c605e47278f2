import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EnvError, parseEnv } from './parseEnv.js';

const RANDOM = {
  ACCESS_TOKEN_SECRET: 'W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg4aTzEoXi9C',
  REFRESH_TOKEN_SECRET: 'h8Kq2Vw5Yt9Rn1Lm6Xc3Bp7Zs4Df0Gj8AeUiOyQx',
  PASSWORD_PEPPER: 'n5Tb9Xe2Mq7Wv4Cz1Ky8Rj3Hd6Pf0LgSaUoIiEtN',
};
const PRODUCTION = { NODE_ENV: 'production', APP_URL: 'https://app.example.com', ...RANDOM };

function problems(source: Record<string, string>): string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe('an empty environment', () => {
  const env = parseEnv({});

  test('has the documented defaults', () => {
    expect(env).toMatchObject({
      nodeEnv: 'development',
      port: 3000,
      host: '127.0.0.1',
      accessTokenMs: 15 * 60_000,
      refreshTokenMs: 30 * 86_400_000,
      sessionMs: 86_400_000,
      sessionIdleMs: 7 * 86_400_000,
      refreshGraceMs: 30_000,
      revocationPollMs: 1_000,
      bcryptCost: 12,
      passwordMinLength: 8,
      appUrl: 'http://localhost:3000',
      allowedOrigins: ['http://localhost:3000'],
      trustProxy: false,
      cookieSameSite: 'lax',
      accessTokenTransport: 'bearer',
    });
    expect(env.dataDir).toMatch(/[\\/]\.data$/);
  });

  test('treats an empty variable as unset', () => {
    expect(parseEnv({ PORT: '', MONGODB_URI: ' ' })).toEqual(env);
  });
});

describe('good values', () => {
  test.each([
    [{ PORT: '4000' }, { port: 4000, appUrl: 'http://localhost:4000' }],
    [PRODUCTION, { host: '0.0.0.0', production: true }],
    [{ APP_URL: 'https://app.example.com/' }, { appUrl: 'https://app.example.com' }],
    [
      { APP_URL: 'https://a.example.com', CORS_ORIGINS: 'https://b.example.com, http://localhost:5173/' },
      { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'http://localhost:5173'] },
    ],
    [{ ACCESS_TOKEN_EXPIRY: '10s' }, { accessTokenMs: 10_000 }],
    [{ REFRESH_GRACE: '0s' }, { refreshGraceMs: 0 }],
    [{ REVOCATION_POLL: '250ms' }, { revocationPollMs: 250 }],
    [{ TRUST_PROXY: '1' }, { trustProxy: 1 }],
    [
      { TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8' },
      { trustProxy: ['loopback', '10.0.0.0/8', 'fd00::/8'] },
    ],
    [{ NODE_ENV: 'test', BCRYPT_COST: '4' }, { bcryptCost: 4 }],
    [
      { REFRESH_TOKEN_SECRET: `${'a'.repeat(31)}b,${'c'.repeat(32)}` },
      { refreshTokenKeys: [`${'a'.repeat(31)}b`, 'c'.repeat(32)] },
    ],
    [
      { MONGODB_URI: 'mongodb+srv://cluster.example.com/app' },
      { mongodbUri: 'mongodb+srv://cluster.example.com/app' },
    ],
    [
      { SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'Latchkey <no-reply@example.com>' },
      { smtp: { url: 'smtps://mail.example.com', from: 'Latchkey <no-reply@example.com>' } },
    ],
    [{ APP_URL: 'https://app.example.com', COOKIE_DOMAIN: 'example.com' }, { cookieDomain: 'example.com' }],
  ])('%o', (source, expected) => {
    expect(parseEnv(source)).toMatchObject(expected);
  });

  test('keeps a session that is idle no longer than the longest absolute life', () => {
    const env = parseEnv({ REFRESH_TOKEN_EXPIRY: '2d', SESSION_EXPIRY: '1h', SESSION_IDLE_EXPIRY: '7d' });
    expect(env.sessionIdleMs).toBe(2 * 86_400_000);
  });

  test('accepts a private key as it stands in an environment file', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const env = parseEnv({ ...PRODUCTION, ACCESS_TOKEN_SECRET: pem.replaceAll('\n', '\\n') });
    expect(env.accessTokenKeys).toEqual([pem]);
  });
});

describe('bad values are refused by name', () => {
  test.each([
    ['NODE_ENV', 'staging'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000x'],
    ['PORT', '1e3'],
    ['HOST', 'not a host'],
    ['MONGODB_URI', 'postgres://localhost/app'],
    ['ACCESS_TOKEN_SECRET', 'x'.repeat(31)],
    ['ACCESS_TOKEN_SECRET', `${RANDOM.ACCESS_TOKEN_SECRET},short`],
    ['ACCESS_TOKEN_SECRET', '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----'],
    ['REFRESH_TOKEN_SECRET', 'short'],
    ['REFRESH_TOKEN_SECRET', ','],
    ['PASSWORD_PEPPER', 'short'],
    ['ACCESS_TOKEN_EXPIRY', '900'],
    ['ACCESS_TOKEN_EXPIRY', '-5m'],
    ['ACCESS_TOKEN_EXPIRY', '0s'],
    ['ACCESS_TOKEN_EXPIRY', 'soon'],
    ['ACCESS_TOKEN_EXPIRY', '2d'],
    ['REFRESH_TOKEN_EXPIRY', '401d'],
    ['SESSION_EXPIRY', '1 fortnight'],
    ['SESSION_IDLE_EXPIRY', '5 5m'],
    ['REFRESH_GRACE', '61s'],
    ['REVOCATION_POLL', '10m'],
    ['BCRYPT_COST', '9'],
    ['BCRYPT_COST', '4'],
    ['BCRYPT_COST', '16'],
    ['PASSWORD_MIN_LENGTH', '7'],
    ['PASSWORD_MIN_LENGTH', '65'],
    ['APP_URL', 'app.example.com'],
    ['APP_URL', 'ftp://app.example.com'],
    ['APP_URL', 'https://user:pass@app.example.com'],
    ['APP_URL', 'https://app.example.com/?a=b'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://app.example.com/path'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['CORS_ORIGINS', 'https://APP.example.com'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', 'proxy.example.com'],
    ['SMTP_URL', 'http://mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.com\r\nBcc: b@example.com'],
    ['METRICS_PORT', 'on'],
    ['COOKIE_DOMAIN', '.example.com'],
    ['COOKIE_DOMAIN', 'localhost; Path=/'],
    ['COOKIE_SAMESITE', 'sometimes'],
    ['ACCESS_TOKEN_TRANSPORT', 'query'],
  ])('%s=%j', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} must `));
    if (value.length > 6) expect(found[0]).not.toContain(value);
  });

  test('refuses a cookie domain that APP_URL does not belong to', () => {
    const source = { APP_URL: 'https://app.example.com', COOKIE_DOMAIN: 'ample.com' };
    expect(problems(source)).toEqual([expect.stringMatching(/^COOKIE_DOMAIN must /)]);
  });

  test('refuses a mail server without a sender', () => {
    const source = { SMTP_URL: 'smtps://mail.example.com' };
    expect(problems(source)).toEqual(['MAIL_FROM must be set with SMTP_URL']);
  });

  test('names every problem at once', () => {
    const found = problems({ PORT: 'x', BCRYPT_COST: 'y', APP_URL: 'z' });
    expect(found.map((line) => line.split(' ')[0]).sort()).toEqual(['APP_URL', 'BCRYPT_COST', 'PORT']);
  });
});

describe('K1: production', () => {
  test('starts with random secrets and an https address', () => {
    expect(problems(PRODUCTION)).toEqual([]);
  });

  test.each(Object.keys(RANDOM))('refuses to start without %s', (name) => {
    expect(problems({ ...PRODUCTION, [name]: '' })).toEqual([`${name} must be set in production`]);
  });

  test.each([
    'a'.repeat(64),
    'abcdefghijklmnop'.repeat(4),
    'correct-horse-'.repeat(3),
    'abcdefghijklmnopqrstuvwxyz0123456789',
    'changeme-W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg',
    'my-super-secret-key-for-signing-tokens!!',
  ])('refuses the guessable secret %s', (guessable) => {
    for (const name of Object.keys(RANDOM)) {
      const found = problems({ ...PRODUCTION, [name]: guessable });
      expect(found).toEqual([expect.stringMatching(new RegExp(`^${name} must be random`))]);
    }
  });

  test('K2: refuses one secret for two purposes', () => {
    const found = problems({ ...PRODUCTION, REFRESH_TOKEN_SECRET: RANDOM.ACCESS_TOKEN_SECRET });
    expect(found).toEqual(['REFRESH_TOKEN_SECRET must differ from the other secrets']);
  });

  test.each([
    [{ APP_URL: 'http://app.example.com' }, 'APP_URL'],
    [{ CORS_ORIGINS: 'http://app.example.com' }, 'CORS_ORIGINS'],
    [{ BCRYPT_COST: '4' }, 'BCRYPT_COST'],
  ])('refuses %o', (source, name) => {
    expect(problems({ ...PRODUCTION, ...source })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must `)),
    ]);
  });

  test('K1: refuses an RSA key of 2048 bits', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problems({ ...PRODUCTION, ACCESS_TOKEN_SECRET: pem })[0]).toMatch(
      /^ACCESS_TOKEN_SECRET must be an EC P-256/,
    );
  });
});
