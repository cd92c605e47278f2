/**
 * Whether a text is the one base64url spelling of its bytes (RFC 4648, 3.5): a last character with stray
 * low bits decodes to the same bytes, and what was never issued must not be accepted.
 */
export function isCanonicalBase64url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}
