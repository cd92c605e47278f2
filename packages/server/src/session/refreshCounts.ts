import type { Decision } from './decide.js';

/** How often each decision was taken about a presented refresh token, since this node started. */
export type RefreshCounts = Record<Decision['kind'], number>;

/** Counts that begin at nothing. */
export function createRefreshCounts(): RefreshCounts {
  return {
    rotate: 0,
    replay: 0,
    heal: 0,
    forgive: 0,
    stale: 0,
    reuse: 0,
    revoked: 0,
    expired: 0,
    invalid: 0,
  };
}
