import { useEffect } from 'react';
import { client, tap } from '../api.js';
import type { ServerState } from './sources/connectServer.js';

/** After the server's clock says so, and a little for the way. */
const MARGIN_MS = 300;

/**
 * Does the owner's part while a thief holds a copy, so that nobody has to wait a quarter of an hour for it: moves on to
 * the next generation as soon as the server lets it, and uses that one's access token.
 */
export function useThiefStory({ thief, session }: Pick<ServerState, 'thief' | 'session'>): void {
  const phase = thief?.phase;
  const isUnused = phase === 'waiting' && thief?.strikesAt === null;
  const graceUntil = session?.graceUntil ?? 0;
  useEffect(() => {
    if (phase !== 'holding' && !isUnused) return;
    const act = () =>
      // Whatever goes wrong is on the timeline.
      (isUnused ? client.whoami.query() : tap.session.refresh()).catch(() => {});
    const wait = isUnused ? 0 : graceUntil - tap.recorder.now() + MARGIN_MS;
    const timer = setTimeout(() => void act(), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [phase, isUnused, graceUntil]);
}
