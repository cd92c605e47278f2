import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { isCanonicalBase64url } from '../base64url.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { SigningKey } from './signingKeys.js';

/** The claims of an access token (RFC 9068): no personal data. Times in seconds since the epoch. */
export interface AccessTokenClaims {
  /** User id. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  /** The session's generation when it was signed. */
  readonly gen: number;
  readonly roles: readonly string[];
  /** When the person last authenticated. */
  readonly auth_time: number;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
}

/** RFC 9068, 4: the type may also be given in full. */
const TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt'];
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MAX_TOKEN_LENGTH = 8_192;

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string(),
  client_id: z.string(),
  sid: z.string(),
  gen: z.number().int().nonnegative(),
  roles: z.array(z.string()),
  auth_time: z.number(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string(),
});

/**
 * Signs and verifies access tokens with a key ring. Stricter than jsonwebtoken alone, which accepts a token without
 * `exp`, of any `typ`, with an unknown `crit`, or with a payload that is not an object. Verified tokens are cached
 * until they end, so that a repeated call costs no cryptography.
 */
export type AccessTokens = ReturnType<typeof createAccessTokens>;

export function createAccessTokens(options: {
  /** The first key signs, all verify. */
  keys: readonly [SigningKey, ...SigningKey[]];
  issuer: string;
  audience: string;
  clientId: string;
  lifetimeMs: number;
  /**
   * Shortens the lifetime for some sessions. A longer one is not granted, since revocations are forgotten after
   * `lifetimeMs`.
   */
  lifetimeOf?: ((session: { id: string; userId: string }) => number | undefined) | undefined;
  clock: Clock;
  /**
   * How many verified tokens are cached.
   *
   * @default 10_000
   */
  cacheSize?: number;
}) {
  const { keys, issuer, audience, clientId, lifetimeMs, lifetimeOf, clock } = options;
  const [signer] = keys;
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  // The key is the signature, a tenth of the token and so faster to look up; the whole token is compared then.
  const verified = new LRUCache<string, { token: string; claims: AccessTokenClaims }>({
    max: options.cacheSize ?? 10_000,
  });

  /**
   * Verifies a token that may have expired, for signing out with it.
   *
   * @throws AuthError TOKEN_INVALID
   */
  function verifyEvenExpired(token: string): AccessTokenClaims {
    try {
      const claims = verifySignature(token);
      verified.set(signatureOf(token), { token, claims });
      return claims;
    } catch (cause) {
      throw new AuthError('TOKEN_INVALID', { cause });
    }
  }

  function verifySignature(token: string): AccessTokenClaims {
    if (token.length > MAX_TOKEN_LENGTH)
      throw new Error('The token is longer than any that this server signs.');
    const key = byKid.get(keyIdOf(token));
    if (key === undefined) throw new Error('No key of the ring has this id.');
    const payload = jwt.verify(token, key.verifyWith, {
      algorithms: [key.algorithm],
      issuer,
      audience,
      // `verify` checks expiry, with the clock's milliseconds.
      ignoreExpiration: true,
      clockTimestamp: Math.floor(clock() / 1000),
    });
    return claimsSchema.parse(payload);
  }

  return {
    /** Signs a token that ends after its lifetime or at `notAfter` (milliseconds), whichever comes first. */
    sign(
      claims: Pick<AccessTokenClaims, 'sub' | 'sid' | 'gen' | 'roles' | 'auth_time'>,
      notAfter: number,
    ): { accessToken: string; expiresIn: number } {
      const iat = Math.floor(clock() / 1000);
      const ownMs = lifetimeOf?.({ id: claims.sid, userId: claims.sub }) ?? lifetimeMs;
      const lifeSeconds = Math.ceil(Math.min(ownMs, lifetimeMs) / 1000);
      const exp = Math.min(iat + lifeSeconds, Math.floor(notAfter / 1000));
      const payload = {
        ...claims,
        iss: issuer,
        aud: audience,
        client_id: clientId,
        jti: randomUUID(),
        iat,
        exp,
      };
      const accessToken = jwt.sign(payload, signer.signWith, {
        algorithm: signer.algorithm,
        keyid: signer.kid,
        header: { alg: signer.algorithm, typ: 'at+jwt' },
      });
      return { accessToken, expiresIn: Math.max(0, exp - iat) };
    },

    /** @throws AuthError TOKEN_EXPIRED | TOKEN_INVALID */
    verify(token: string): AccessTokenClaims {
      const known = verified.get(signatureOf(token));
      const claims = known?.token === token ? known.claims : verifyEvenExpired(token);
      if (clock() < claims.exp * 1000) return claims;
      verified.delete(signatureOf(token));
      throw new AuthError('TOKEN_EXPIRED');
    },

    verifyEvenExpired,
  };
}

function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.') + 1);
}

/** Reads the key id from a header that this server could have written. Nothing else in the header is trusted. */
function keyIdOf(token: string): string {
  const parts = token.split('.');
  if (!COMPACT_JWS.test(token) || !parts.every(isCanonicalBase64url)) throw new Error('Not a compact JWS.');
  const [encoded = ''] = parts;
  const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (typeof header !== 'object' || header === null) throw new Error('The header is not an object.');
  // RFC 7515, 4.1.11: this server knows no critical extension.
  if ('crit' in header) throw new Error('A critical header parameter is not understood.');
  if (!('typ' in header) || !TYPES.includes(header.typ)) throw new Error('Not an access token.');
  if (!('kid' in header) || typeof header.kid !== 'string') throw new Error('The key id is missing.');
  return header.kid;
}
