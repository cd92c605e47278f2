import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthError } from '../errors/authError.js';
import { createAccessTokens } from './accessTokens.js';
import { publicJwks, readSigningKeys, type SigningKey } from './signingKeys.js';

const START = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;
const CLAIMS = { sub: 'user-1', sid: 'session-1', gen: 3, roles: ['admin'], auth_time: START / 1000 };

function secret() {
  return randomBytes(32).toString('base64url');
}

function pem(key: KeyObject) {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function rsaPem() {
  return pem(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey);
}

function ecPem() {
  return pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

function setUp(options: Partial<Parameters<typeof createAccessTokens>[0]> = {}) {
  let now = START;
  const keys = options.keys ?? readSigningKeys([secret()]);
  const tokens = createAccessTokens({
    keys,
    issuer: 'https://app.example.com',
    audience: 'https://app.example.com',
    clientId: 'latchkey',
    lifetimeMs: 15 * MINUTE,
    clock: () => now,
    ...options,
  });
  const reasonOf = (token: string) => {
    try {
      tokens.verify(token);
      return 'accepted';
    } catch (error) {
      return error instanceof AuthError ? error.reason : error;
    }
  };
  return {
    keys,
    tokens,
    reasonOf,
    sign: () => tokens.sign(CLAIMS, START + 365 * 24 * 60 * MINUTE).accessToken,
    turnTo: (time: number) => {
      now = time;
    },
  };
}

function encode(value: unknown) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string | undefined) {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as object;
}

/** A token with a header and payload of the test's choice, rightly signed with an HS256 key. */
function resign(token: string, key: SigningKey, change: { header?: object; payload?: unknown }) {
  const [header, payload] = token.split('.');
  const body = `${encode({ ...decode(header), ...change.header })}.${encode(change.payload ?? decode(payload))}`;
  return `${body}.${createHmac('sha256', key.signWith).update(body).digest('base64url')}`;
}

function without(token: string, name: string) {
  const { [name]: _removed, ...rest } = decode(token.split('.')[1]) as Record<string, unknown>;
  return rest;
}

describe('access tokens', () => {
  it.each([
    ['HS256', () => secret()],
    ['ES256', ecPem],
    ['RS256', rsaPem],
  ])('signs and verifies with %s', (algorithm, key) => {
    const { sign, tokens } = setUp({ keys: readSigningKeys([key()]) });
    const token = sign();
    expect(decode(token.split('.')[0])).toMatchObject({
      alg: algorithm,
      typ: 'at+jwt',
      kid: expect.any(String),
    });
    expect(tokens.verify(token)).toMatchObject(CLAIMS);
  });

  it('shortens the lifetime of one session’s tokens, and never lengthens it', () => {
    const lives = new Map([
      ['short', 10_000],
      ['long', 60 * MINUTE],
    ]);
    const { tokens } = setUp({ lifetimeOf: ({ id }) => lives.get(id) });
    const lifeOf = (sid: string) => tokens.sign({ ...CLAIMS, sid }, START + 365 * 24 * 60 * MINUTE).expiresIn;
    expect(['short', 'long', 'any other'].map(lifeOf)).toEqual([10, 900, 900]);
  });

  it('T1: refuses a token without an algorithm, without a signature, or with another signature', () => {
    const { sign, reasonOf } = setUp();
    const [header, payload, signature = ''] = sign().split('.');
    for (const alg of ['none', 'None', 'nOnE', 'NONE']) {
      const unsigned = `${encode({ ...decode(header), alg })}.${payload}`;
      expect(reasonOf(`${unsigned}.`)).toBe('TOKEN_INVALID');
      expect(reasonOf(`${unsigned}.${signature}`)).toBe('TOKEN_INVALID');
    }
    expect(reasonOf(`${header}.${payload}.${signature.slice(1)}`)).toBe('TOKEN_INVALID');
  });

  it('T1: refuses another token that carries the signature of a verified one', () => {
    const { sign, tokens, reasonOf } = setUp();
    const token = sign();
    expect(reasonOf(token)).toBe('accepted');
    const [header, payload, signature] = token.split('.');
    const other = encode({ ...decode(payload), sub: 'user-2', exp: START / 1000 + 3_600 });
    expect(reasonOf(`${header}.${other}.${signature}`)).toBe('TOKEN_INVALID');
    expect(tokens.verify(token).sub).toBe('user-1');
  });

  it('T1: uses a key for its one algorithm only, even if its secret fits others', () => {
    const { sign, reasonOf, keys } = setUp();
    const [header, payload] = sign().split('.');
    const body = `${encode({ ...decode(header), alg: 'HS512' })}.${payload}`;
    const signature = createHmac('sha512', keys[0].signWith).update(body).digest('base64url');
    expect(reasonOf(`${body}.${signature}`)).toBe('TOKEN_INVALID');
  });

  it('T6: refuses a token longer than 8 KiB, even a genuine one', () => {
    const { tokens, reasonOf } = setUp();
    const signed = (bytes: number) =>
      tokens.sign({ ...CLAIMS, roles: ['x'.repeat(bytes)] }, START + 60 * MINUTE).accessToken;
    expect(signed(5_000).length).toBeLessThan(8_192);
    expect(reasonOf(signed(5_000))).toBe('accepted');
    expect(signed(6_500).length).toBeGreaterThan(8_192);
    expect(reasonOf(signed(6_500))).toBe('TOKEN_INVALID');
  });

  it('T1: refuses a token signed with the public RSA key as if it were a secret', () => {
    const keys = readSigningKeys([rsaPem()]);
    const { sign, reasonOf } = setUp({ keys });
    const [header, payload] = sign().split('.');
    const publicPem = keys[0].verifyWith.export({ type: 'spki', format: 'pem' });
    const body = `${encode({ ...decode(header), alg: 'HS256' })}.${payload}`;
    expect(reasonOf(`${body}.${createHmac('sha256', publicPem).update(body).digest('base64url')}`)).toBe(
      'TOKEN_INVALID',
    );
  });

  it('T2: uses a key id only to look up its own ring, and never a key from the header', () => {
    const { sign, reasonOf, keys } = setUp();
    const token = sign();
    for (const kid of [
      '../../etc/passwd',
      "' OR 1=1 --",
      '',
      '__proto__',
      'constructor',
      7,
      null,
      { $ne: null },
    ]) {
      expect(reasonOf(resign(token, keys[0], { header: { kid } })), String(kid)).toBe('TOKEN_INVALID');
    }
    const foreign = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const header = {
      alg: 'RS256',
      jwk: foreign.publicKey.export({ format: 'jwk' }),
      jku: 'http://127.0.0.1:1/',
    };
    const body = `${encode({ ...decode(token.split('.')[0]), ...header })}.${token.split('.')[1]}`;
    const signature = createSign('sha256').update(body).sign(foreign.privateKey).toString('base64url');
    expect(reasonOf(`${body}.${signature}`)).toBe('TOKEN_INVALID');
  });

  it('T3: refuses an expired token to the second, one without exp, and one before its nbf', () => {
    const { sign, reasonOf, keys, turnTo } = setUp();
    const token = sign();
    expect(reasonOf(resign(token, keys[0], { payload: without(token, 'exp') }))).toBe('TOKEN_INVALID');
    const payload = { ...decode(token.split('.')[1]), nbf: START / 1000 + 600 };
    expect(reasonOf(resign(token, keys[0], { payload }))).toBe('TOKEN_INVALID');
    turnTo(START + 15 * MINUTE - 1);
    expect(reasonOf(token)).toBe('accepted');
    turnTo(START + 15 * MINUTE);
    expect(reasonOf(token)).toBe('TOKEN_EXPIRED');
  });

  it('T4: refuses another type and a token that lacks a required claim', () => {
    const { sign, reasonOf, keys } = setUp();
    const token = sign();
    for (const typ of ['JWT', 'jwt', 'refresh+jwt', undefined]) {
      expect(reasonOf(resign(token, keys[0], { header: { typ } })), String(typ)).toBe('TOKEN_INVALID');
    }
    expect(reasonOf(resign(token, keys[0], { header: { typ: 'application/at+jwt' } }))).toBe('accepted');
    for (const claim of [
      'iss',
      'exp',
      'aud',
      'sub',
      'client_id',
      'iat',
      'jti',
      'sid',
      'gen',
      'auth_time',
      'roles',
    ]) {
      expect(reasonOf(resign(token, keys[0], { payload: without(token, claim) })), claim).toBe(
        'TOKEN_INVALID',
      );
    }
  });

  it('T5: refuses another issuer and another audience', () => {
    const { sign, reasonOf, keys } = setUp();
    const token = sign();
    const payload = decode(token.split('.')[1]);
    const evil = { iss: 'https://app.example.com.evil.test', aud: ['https://other.example.com'] };
    expect(reasonOf(resign(token, keys[0], { payload: { ...payload, iss: evil.iss } }))).toBe(
      'TOKEN_INVALID',
    );
    expect(reasonOf(resign(token, keys[0], { payload: { ...payload, aud: evil.aud } }))).toBe(
      'TOKEN_INVALID',
    );
  });

  it('T6: refuses an unknown critical extension, a payload that is not an object, and foreign characters', () => {
    const { sign, reasonOf, keys } = setUp();
    const token = sign();
    expect(reasonOf(resign(token, keys[0], { header: { crit: ['x'], x: 1 } }))).toBe('TOKEN_INVALID');
    expect(reasonOf(resign(token, keys[0], { header: { crit: [] } }))).toBe('TOKEN_INVALID');
    for (const payload of ['text', [1], 7]) {
      expect(reasonOf(resign(token, keys[0], { payload }))).toBe('TOKEN_INVALID');
    }
    for (const broken of [
      '',
      '.',
      '..',
      'a.b',
      `${token}=`,
      ` ${token}`,
      `${token}\u0000`,
      'x'.repeat(100_000),
    ]) {
      expect(reasonOf(broken)).toBe('TOKEN_INVALID');
    }
  });

  it.each([
    ['HS256', () => secret()],
    ['ES256', ecPem],
    ['RS256', rsaPem],
  ])('T6: refuses every other spelling of a %s signature', (_algorithm, key) => {
    const { sign, reasonOf } = setUp({ keys: readSigningKeys([key()]) });
    const token = sign();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of alphabet) {
      const respelled = `${token.slice(0, -1)}${character}`;
      expect(reasonOf(respelled)).toBe(respelled === token ? 'accepted' : 'TOKEN_INVALID');
    }
  });

  it('T7: contains no personal data', () => {
    const { sign } = setUp();
    expect(Object.keys(decode(sign().split('.')[1])).sort()).toEqual(
      ['aud', 'auth_time', 'client_id', 'exp', 'gen', 'iat', 'iss', 'jti', 'roles', 'sid', 'sub'].sort(),
    );
  });

  it('K3: verifies with every key of the ring and signs with the first; a retired key verifies nothing', () => {
    const [old, fresh] = [secret(), ecPem()];
    const before = setUp({ keys: readSigningKeys([old]) });
    const during = setUp({ keys: readSigningKeys([fresh, old]) });
    const after = setUp({ keys: readSigningKeys([fresh]) });
    expect(during.reasonOf(before.sign())).toBe('accepted');
    expect(after.reasonOf(during.sign())).toBe('accepted');
    expect(after.reasonOf(before.sign())).toBe('TOKEN_INVALID');
  });

  it('ends a token no later than its session', () => {
    const { tokens, reasonOf, turnTo } = setUp();
    const { accessToken, expiresIn } = tokens.sign(CLAIMS, START + 10_000);
    expect(expiresIn).toBe(10);
    turnTo(START + 10_000);
    expect(reasonOf(accessToken)).toBe('TOKEN_EXPIRED');
  });
});

describe('signing keys', () => {
  it('K1: refuses short secrets, short RSA keys and other curves, and quotes no value', () => {
    const short = 'x'.repeat(31);
    const weakRsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    const otherCurve = pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey);
    const edwards = pem(generateKeyPairSync('ed25519').privateKey);
    expect(() => readSigningKeys([secret(), short])).toThrow(
      /^Access token key 2: it is shorter than 32 bytes\.$/,
    );
    expect(() => readSigningKeys([weakRsa])).toThrow(/3072 bits/);
    expect(() => readSigningKeys([otherCurve])).toThrow(/P-256/);
    expect(() => readSigningKeys([edwards])).toThrow(/neither an RSA nor an EC key/);
    expect(() => readSigningKeys(['-----BEGIN PRIVATE KEY-----\nxx'])).toThrow(/cannot be read/);
    expect(() => readSigningKeys([])).toThrow(/at least one/);
  });

  it('publishes only the public halves', () => {
    const keys = readSigningKeys([ecPem(), rsaPem(), secret()]);
    const { keys: jwks } = publicJwks(keys);
    expect(jwks.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
    for (const jwk of jwks) {
      expect(Object.keys(jwk)).not.toEqual(expect.arrayContaining(['d']));
      expect(jwk).toMatchObject({ use: 'sig', kid: expect.any(String) });
    }
  });
});
