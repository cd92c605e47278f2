import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { isCanonicalBase64url } from '../base64url.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { SigningKey } from './signingKeys.js';

/** What an access token says (RFC 9068); no personal data. Times in seconds since the epoch. */
export interface AccessTokenClaims {
  /** User id. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  /** The session's generation when it was signed. */
  readonly gen: number;
  readonly roles: readonly string[];
  /** When the person last proved who they are. */
  readonly auth_time: number;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
}

/** Signs and verifies access tokens. */
export interface AccessTokens {
  /** Signs a token that ends with its life or at `notAfter` (milliseconds), whichever comes first. */
  sign(
    claims: Pick<AccessTokenClaims, 'sub' | 'sid' | 'gen' | 'roles' | 'auth_time'>,
    notAfter: number,
  ): { accessToken: string; expiresIn: number };
  /**
   * Verifies a token.
   *
   * @throws AuthError TOKEN_EXPIRED | TOKEN_INVALID
   */
  verify(token: string): AccessTokenClaims;
  /**
   * Reads a token that may have ended, for signing out with it.
   *
   * @throws AuthError TOKEN_INVALID
   */
  verifyEvenExpired(token: string): AccessTokenClaims;
}

export interface AccessTokensOptions {
  /** The first key signs, all verify. */
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly lifetimeMs: number;
  /** A shorter life for some sessions; a longer one is not granted, since revocations are forgotten after `lifetimeMs`. */
  readonly lifetimeOf?: ((session: { id: string; userId: string }) => number | undefined) | undefined;
  readonly clock: Clock;
  /** How many verified tokens are remembered. */
  readonly cacheSize?: number;
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
 * Access tokens over a key ring.
 *
 * Stricter than jsonwebtoken alone, which accepts a token without `exp`, of any `typ`, with an unknown
 * `crit`, or with a payload that is no object. Verified tokens are remembered until they end, so that a
 * repeat call costs no cryptography.
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { keys, issuer, audience, clientId, lifetimeMs, lifetimeOf, clock } = options;
  const [signer] = keys;
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  // By signature, which is a tenth of a token and so quicker to find it by; the rest is compared.
  const verified = new LRUCache<string, Verified>({ max: options.cacheSize ?? 10_000 });

  function verifyFresh(token: string): AccessTokenClaims {
    try {
      const claims = verifySignature(token);
      verified.set(signatureOf(token), { token, claims });
      return claims;
    } catch (cause) {
      throw new AuthError('TOKEN_INVALID', { cause });
    }
  }

  function verifySignature(token: string): AccessTokenClaims {
    if (token.length > MAX_TOKEN_LENGTH) throw new Error('Longer than any token of ours.');
    const key = byKid.get(keyIdOf(token));
    if (key === undefined) throw new Error('No key has this id.');
    const payload = jwt.verify(token, key.verifyWith, {
      algorithms: [key.algorithm],
      issuer,
      audience,
      // Whether it has ended is judged below, where a clock in milliseconds is at hand.
      ignoreExpiration: true,
      clockTimestamp: Math.floor(clock() / 1000),
    });
    return claimsSchema.parse(payload);
  }

  return {
    sign(claims, notAfter) {
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

    verify(token) {
      const known = verified.get(signatureOf(token));
      const claims = known?.token === token ? known.claims : verifyFresh(token);
      if (clock() < claims.exp * 1000) return claims;
      verified.delete(signatureOf(token));
      throw new AuthError('TOKEN_EXPIRED');
    },

    verifyEvenExpired: verifyFresh,
  };
}

interface Verified {
  readonly token: string;
  readonly claims: AccessTokenClaims;
}

function signatureOf(token: string) {
  return token.slice(token.lastIndexOf('.') + 1);
}

/** The key id of a token whose header is one that we could have written; nothing else in it is trusted. */
function keyIdOf(token: string): string {
  const parts = token.split('.');
  if (!COMPACT_JWS.test(token) || !parts.every(isCanonicalBase64url)) throw new Error('Not a compact JWS.');
  const [encoded = ''] = parts;
  const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (typeof header !== 'object' || header === null) throw new Error('The header is no object.');
  // RFC 7515, 4.1.11: no critical extension is known here, so any is unknown.
  if ('crit' in header) throw new Error('A critical header parameter is not understood.');
  if (!('typ' in header) || !TYPES.includes(header.typ)) throw new Error('Not an access token.');
  if (!('kid' in header) || typeof header.kid !== 'string') throw new Error('The key id is missing.');
  return header.kid;
}
