import type { Credentials } from '../transport/wire.js';

/** Credentials in use, and two moments on the monotonic clock. */
export interface DatedCredentials extends Credentials {
  /** When the access token ends; 0 once the server's guard has refused it. */
  readonly until: number;
  readonly renewAt: number;
}

/**
 * Dates credentials that have just arrived. They are renewed at a random moment of the second half of their life, which
 * no thief can tell in advance, and at which tabs do not meet.
 */
export function dateCredentials(credentials: Credentials, now: number, random: number): DatedCredentials {
  // The times in a JWT are whole seconds: a token may end up to a second before its stated end.
  const life = Math.max(credentials.expiresIn - 1, credentials.expiresIn / 2) * 1000;
  return { ...credentials, until: now + life, renewAt: now + life * (0.95 - 0.45 * random) };
}

/** Whether `a` is the older of two tokens of one session. */
export function isOlder(a: DatedCredentials, b: DatedCredentials): boolean {
  return (a.session.generation - b.session.generation || a.until - b.until) < 0;
}
