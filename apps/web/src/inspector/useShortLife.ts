import { useEffect } from 'react';
import { tap } from '../api.js';
import type { ServerState } from './sources/connectServer.js';

/** After the server's clock says so, and a little for the way. */
const MARGIN_MS = 300;

/**
 * Sees to it that tokens live as shortly as was asked for. Within a grace period the server answers with the same
 * generation, and of one generation the session keeps the token that ends last; so asks again when that is over.
 */
export function useShortLife({ troubles, session }: Pick<ServerState, 'troubles' | 'session'>): void {
  const lifeMs = troubles?.lifeMs ?? undefined;
  const graceUntil = session?.graceUntil ?? 0;
  useEffect(() => {
    if (lifeMs === undefined) return;
    const { now, token } = tap.recorder;
    const act = () => {
      // Whatever goes wrong is on the timeline.
      if ((token()?.end ?? 0) > now() + lifeMs) tap.session.refresh().catch(() => {});
    };
    const timer = setTimeout(act, Math.max(0, graceUntil - now()) + MARGIN_MS);
    return () => clearTimeout(timer);
  }, [lifeMs, graceUntil]);
}
