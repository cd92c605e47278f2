import type { AuthError } from './authError.js';
import type { Pause } from './pause.js';
import { toAuthError } from './refusals.js';

/** Asks, and asks again up to three times; resolves to the error that remains. */
export type StaleRetry = (signal: AbortSignal, tries?: number) => Promise<AuthError | undefined>;

/**
 * Makes a refresh that came too late, as a duplicate of an older one, ask again soon: the cookie jar may hold the
 * newer token already.
 */
export const createStaleRetry = (
  ask: (signal: AbortSignal) => Promise<undefined>,
  pause: Pause,
  random: () => number,
): StaleRetry => {
  const attempt: StaleRetry = async (signal, tries = 1) => {
    const error = await ask(signal).catch(toAuthError);
    if (error?.data?.reason !== 'REFRESH_STALE' || tries > 3) return error;
    await pause(random() * 500 * tries, signal);
    return attempt(signal, tries + 1);
  };
  return attempt;
};
