/**
 * The address within this app to open after sign-in. Drops anything that a browser might read as another site's address
 * (CVE-2025-27143): `//evil.example`, `/\evil.example`, `javascript:`.
 */
export function safeNext(next: unknown): { next?: string | undefined } {
  return {
    // Set to undefined, not left out: otherwise the router takes the value from the address.
    next: typeof next === 'string' && /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : undefined,
  };
}
