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
 * Dates a failure, the `count`th in a row. The wait is exponential up to 30 s and all of it jitter, so that a crowd of
 * clients does not return in step; it is never shorter than the server asked for.
 */
export const failAt = (
  now: number,
  random: () => number,
  failure: { error: AuthError; count: number },
): Failure => {
  const earliest = now + (failure.error.retryAfter ?? 0) * 1000;
  return { ...failure, earliest, retryAt: earliest + random() * Math.min(30_000, 500 * 2 ** failure.count) };
};
