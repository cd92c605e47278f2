import {
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { isCanonicalBase64url } from '../base64url.js';
import type { PresentedToken } from './decide.js';

const ID_BYTES = 18;
const TOKEN =
  /^(?<sid>[\w-]{24})\.(?<generation>0|[1-9]\d{0,8})\.(?<kid>[\w-]{8})\.(?<secret>[\w-]{43})\.(?<tag>[\w-]{22})$/;

interface RefreshKey {
  readonly kid: string;
  readonly chain: KeyObject;
  readonly tag: KeyObject;
}

interface TokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly secret: string;
  readonly key: RefreshKey;
}

/** A refresh token of one generation. */
export interface RefreshToken extends Omit<PresentedToken, 'episode'> {
  readonly sessionId: string;
  /** The value that the client holds. It is never stored or logged. */
  readonly value: string;
  /** The token of the same or a later generation. It is computed from this one, so that any node can return it again. */
  descendant(generation: number): RefreshToken;
}

/**
 * Makes and reads refresh tokens, `sid.generation.kid.secret.tag`. They are a ratchet: each secret is an HMAC of the
 * one before.
 */
export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

/** @param secrets the key ring, at least 32 bytes each: the first makes new tokens, all are accepted */
export function createRefreshTokens(secrets: readonly string[]) {
  const ring = secrets.map(deriveKey);
  const byKid = new Map(ring.map((key) => [key.kid, key]));
  const [first] = ring;
  if (first === undefined) throw new Error('refreshToken.keys needs at least one secret.');

  const make = (parts: TokenParts): RefreshToken => {
    const { sessionId, generation, secret, key } = parts;
    const tag = tagOf(key, [sessionId, generation, secret]);
    return describe(parts, [sessionId, generation, key.kid, secret, tag].join('.'));
  };

  const describe = ({ sessionId, generation, secret, key }: TokenParts, value: string): RefreshToken => {
    let successor: RefreshToken | undefined;
    const descendant = (wanted: number): RefreshToken => {
      if (wanted < generation) throw new Error('A refresh token has no earlier generation.');
      if (wanted === generation) return token;
      successor ??= make({
        sessionId,
        generation: generation + 1,
        secret: mac(key.chain, [sessionId, generation + 1, secret]).toString('base64url'),
        key: first,
      });
      return successor.descendant(wanted);
    };
    const token: RefreshToken = {
      sessionId,
      generation,
      value,
      hash: sha256(secret),
      hashAt: (wanted) => descendant(wanted).hash,
      descendant,
    };
    return token;
  };

  return {
    /** The token of generation 0 of a new session. */
    first: () =>
      make({
        sessionId: randomBytes(ID_BYTES).toString('base64url'),
        generation: 0,
        secret: randomBytes(32).toString('base64url'),
        key: first,
      }),

    /** Reads a presented value without the database; `undefined` unless this server made it. */
    read(value: string): RefreshToken | undefined {
      const parts = TOKEN.exec(value)?.groups;
      if (parts === undefined) return undefined;
      const { sid = '', generation = '', kid = '', secret = '', tag = '' } = parts;
      const key = byKid.get(kid);
      if (key === undefined || !isCanonicalBase64url(secret)) return undefined;
      const expected = tagOf(key, [sid, Number(generation), secret]);
      if (!timingSafeEqual(Buffer.from(tag), Buffer.from(expected))) return undefined;
      return describe({ sessionId: sid, generation: Number(generation), secret, key }, value);
    },
  };
}

function deriveKey(secret: string): RefreshKey {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `latchkey refresh token ${purpose}`, bytes));
  return {
    kid: derive('kid', 6).toString('base64url'),
    chain: createSecretKey(derive('chain', 32)),
    tag: createSecretKey(derive('tag', 32)),
  };
}

function mac(key: KeyObject, parts: readonly (string | number)[]) {
  return createHmac('sha256', key).update(parts.join('.')).digest();
}

function tagOf(key: RefreshKey, parts: readonly (string | number)[]) {
  return mac(key.tag, parts).subarray(0, 16).toString('base64url');
}

function sha256(secret: string) {
  return hash('sha256', Buffer.from(secret, 'base64url'), 'base64url');
}
