import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { refuse, split } from './values.js';

const MIN_BYTES = 32;

/** A key ring: the first secret signs, all verify. `pem` allows private keys in PEM form too. */
export function secretRing({ pem }: { pem: boolean }) {
  return z.string().transform((text, ctx) => {
    const keys = split(text).map(withNewlines);
    if (keys.length === 0) return refuse(ctx, 'must not be empty');
    for (const key of keys) {
      const problem = pem && isPem(key) ? problemOfPem(key) : problemOfSecret(key);
      if (problem) return refuse(ctx, problem);
    }
    return keys;
  });
}

export const secret = z.string().refine((text) => problemOfSecret(text) === undefined, {
  error: `must have at least ${MIN_BYTES} bytes`,
});

/**
 * Whether a secret was typed by a person or copied from an example: a few repeated characters, or the words
 * of a placeholder. Random secrets in hex or base64 never match.
 */
export function isGuessable(text: string): boolean {
  if (isPem(text)) return false;
  return new Set(text).size < 8 || isRepetition(text) || isSequence(text) || PLACEHOLDER.test(text);
}

const PLACEHOLDER =
  /change.?(?:me|it|this)|replace.?(?:me|it|this)|place.?holder|example|default|insecure|password|(?:my|your|super|top|very).{0,3}secret/i;

function isRepetition(text: string) {
  // A text that repeats a shorter one equals itself moved by that length, but for its end.
  for (let length = 1; length <= text.length / 2; length++) {
    if (text.startsWith(text.slice(length))) return true;
  }
  return false;
}

function isSequence(text: string) {
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) steps++;
  }
  return steps > text.length / 2;
}

function isPem(text: string) {
  return text.startsWith('-----BEGIN ');
}

// An environment file holds one line per variable, so a PEM often has its line ends written as \n.
function withNewlines(text: string) {
  return isPem(text) ? text.replaceAll('\\n', '\n') : text;
}

function problemOfSecret(text: string) {
  return Buffer.byteLength(text) < MIN_BYTES ? `must have at least ${MIN_BYTES} bytes` : undefined;
}

function problemOfPem(text: string): string | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(text);
    const isEc256 = type === 'ec' && details?.namedCurve === 'prime256v1';
    const isRsa3072 = type === 'rsa' && (details?.modulusLength ?? 0) >= 3072;
    return isEc256 || isRsa3072
      ? undefined
      : 'must be an EC P-256 or an RSA key of 3072 bits or more, if a PEM';
  } catch {
    return 'must be a readable private key, if a PEM';
  }
}
