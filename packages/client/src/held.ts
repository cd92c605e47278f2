import type { Credentials } from './wire.js';

/** Credentials in use, with the two moments that count, on the monotonic clock. */
export interface Held extends Credentials {
  /** When the access token ends; 0 once the server's guard refused it. */
  until: number;
  readonly renewAt: number;
}

/**
 * Dates credentials that have just arrived. They are renewed at a random moment of the second half of their life: no
 * thief can tell when, and tabs do not meet.
 */
export const hold = (credentials: Credentials, now: number, random: () => number): Held => {
  // The times in a JWT are whole seconds, so that a token may end up to one before it is said to.
  const life = Math.max(credentials.expiresIn - 1, credentials.expiresIn / 2) * 1000;
  return { ...credentials, until: now + life, renewAt: now + life * (0.95 - 0.45 * random()) };
};

/** Below 0 if `a` is an older token than `b` of the same session. */
export const compareAge = (a: Held, b: Held): number =>
  a.session.generation - b.session.generation || a.until - b.until;
