/**
 * The address within this app to go on to after signing in. Anything that a browser might take for another site's
 * address is dropped (CVE-2025-27143): `//evil.example`, `/\evil.example`, `javascript:`.
 */
export function safeNext(next: unknown): { next?: string | undefined } {
  return {
    // Told as undefined, not left out: the router would fill in what the address says.
    next: typeof next === 'string' && /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : undefined,
  };
}
