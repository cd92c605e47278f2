import type { AuthError } from './authError.js';

const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** A refresh, or a sign-out, without a final answer. Moments are on the monotonic clock. */
export interface Failure {
  readonly error: AuthError;
  /** How many in a row. */
  readonly count: number;
  /** When the session tries again by itself. */
  readonly retryAt: number;
  /** When the server allows another try, should the network come back before. */
  readonly earliest: number;
}

/**
 * Dates a failure, the `count`th in a row. The delay is exponential up to 30 s and all of it jitter, so that a crowd of
 * clients does not return in step; it is never shorter than the server asked for.
 *
 * @param random from 0 up to 1
 */
export function dateFailure(failure: Pick<Failure, 'error' | 'count'>, now: number, random: number): Failure {
  const earliest = now + (failure.error.retryAfter ?? 0) * 1000;
  const delay = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** failure.count);
  return { ...failure, earliest, retryAt: earliest + random * delay };
}
