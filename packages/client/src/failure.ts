import type { AuthError } from './authError.js';

/** A refresh, or a sign-out, that got no answer which settles it. */
export interface Failure {
  readonly error: AuthError;
  /** How many in a row. */
  readonly count: number;
  /** When to try again by itself, on the monotonic clock. */
  readonly retryAt: number;
  /** When the server allows another try, should the network come back before. */
  readonly earliest: number;
}

/**
 * Counts another failure. The wait is exponential up to 30 s and all of it jitter, so that a crowd of clients does not
 * return in step; it is never shorter than the server asked for.
 */
export const failAgain = (
  before: Failure | undefined,
  error: AuthError,
  { now, random }: { now: number; random: () => number },
): Failure => {
  const count = (before?.count ?? 0) + 1;
  const earliest = now + (error.retryAfter ?? 0) * 1000;
  return { error, count, earliest, retryAt: earliest + random() * Math.min(30_000, 500 * 2 ** count) };
};
