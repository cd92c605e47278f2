/**
 * Milliseconds to wait before the next try after `failures` failures in a row: exponential up to 30 s, all of it
 * jitter, so that a crowd of clients does not return in step; never earlier than the server asked for.
 */
export const retryDelay = (
  failures: number,
  { retryAfter, random }: { retryAfter: number | undefined; random: () => number },
): number => (retryAfter ?? 0) * 1000 + random() * Math.min(30_000, 500 * 2 ** failures);
