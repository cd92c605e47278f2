/**
 * Whether a text is the only base64url spelling of its bytes (RFC 4648, 3.5). A last character with stray low bits
 * decodes to the same bytes, but such a text was never issued and must not be accepted.
 */
export function isCanonicalBase64url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}
