import { useEffect } from 'react';
import { tap } from '../api.js';
import type { ServerState } from './sources/connectServer.js';

/** Allows for the server's clock and the network. */
const MARGIN_MS = 300;

/**
 * Replaces a token that lives longer than the chosen life. Within the grace period the server returns the same
 * generation, and of one generation the session keeps the token that ends last, so this waits until the period is over.
 */
export function useShortLife({ troubles, session }: Pick<ServerState, 'troubles' | 'session'>): void {
  const lifeMs = troubles?.lifeMs ?? undefined;
  const graceUntil = session?.graceUntil ?? 0;
  useEffect(() => {
    if (lifeMs === undefined) return;
    const { now, token } = tap.recorder;
    const act = () => {
      // The timeline shows the result.
      if ((token()?.end ?? 0) > now() + lifeMs) tap.session.refresh().catch(() => {});
    };
    const timer = setTimeout(act, Math.max(0, graceUntil - now()) + MARGIN_MS);
    return () => clearTimeout(timer);
  }, [lifeMs, graceUntil]);
}
