import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

/** An algorithm that signs access tokens. */
export type SigningAlgorithm = 'HS256' | 'ES256' | 'RS256';

/** One key of the ring, for exactly one algorithm (RFC 8725, 3.1). */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly signWith: KeyObject;
  readonly verifyWith: KeyObject;
}

/** A public key in JWK form (RFC 7517). */
export interface PublicJwk extends Record<string, unknown> {
  kid: string;
  alg: SigningAlgorithm;
  use: 'sig';
}

const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 3072;

/**
 * Reads a key ring. Each entry is a secret of at least 32 bytes (HS256) or a PEM private key (P-256: ES256; RSA of at
 * least 3072 bits: RS256).
 *
 * @throws Error naming the position and the fault of a key, never its value
 */
export function readSigningKeys(entries: readonly string[]): readonly [SigningKey, ...SigningKey[]] {
  const [first, ...others] = entries.map((entry, index) => {
    try {
      return entry.includes('-----BEGIN') ? readPrivateKey(entry) : readSecret(entry);
    } catch (error) {
      const why = error instanceof KeyError ? error.message : 'it cannot be read as a PEM private key';
      throw new Error(`Access token key ${index + 1}: ${why}.`);
    }
  });
  if (first === undefined) throw new Error('accessToken.keys needs at least one key.');
  return [first, ...others];
}

/** The public halves of a ring, for `/.well-known/jwks.json`; secrets have none. */
export function publicJwks(keys: readonly SigningKey[]): { keys: PublicJwk[] } {
  const asymmetric = keys.filter(({ algorithm }) => algorithm !== 'HS256');
  return {
    keys: asymmetric.map(({ kid, algorithm, verifyWith }) => ({
      ...verifyWith.export({ format: 'jwk' }),
      kid,
      alg: algorithm,
      use: 'sig',
    })),
  };
}

class KeyError extends Error {}

function readSecret(secret: string): SigningKey {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < MIN_SECRET_BYTES) throw new KeyError(`it is shorter than ${MIN_SECRET_BYTES} bytes`);
  const kid = Buffer.from(hkdfSync('sha256', bytes, '', 'latchkey access token kid', 9)).toString(
    'base64url',
  );
  const key = createSecretKey(bytes);
  return { kid, algorithm: 'HS256', signWith: key, verifyWith: key };
}

function readPrivateKey(pem: string): SigningKey {
  const signWith = createPrivateKey(pem);
  const verifyWith = createPublicKey(signWith);
  const der = verifyWith.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(der).digest().subarray(0, 9).toString('base64url');
  return { kid, algorithm: algorithmOf(signWith), signWith, verifyWith };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm {
  if (asymmetricKeyType === 'ec') {
    if (asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new KeyError('its curve is not P-256');
    return 'ES256';
  }
  if (asymmetricKeyType === 'rsa') {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits < MIN_RSA_BITS) throw new KeyError(`its modulus has fewer than ${MIN_RSA_BITS} bits`);
    return 'RS256';
  }
  throw new KeyError('it is neither an RSA nor an EC key');
}
