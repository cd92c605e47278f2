import { useEffect } from 'react';
import { client, tap } from '../api.js';
import type { ServerState } from './sources/connectServer.js';

/** Allows for the server's clock and the network. */
const MARGIN_MS = 300;

/**
 * Plays the owner while a thief has a copy, so that nobody waits a quarter of an hour: moves on to the next generation
 * as soon as the server allows it, and uses its access token.
 */
export function useThiefStory({ thief, session }: Pick<ServerState, 'thief' | 'session'>): void {
  const phase = thief?.phase;
  const isUnused = phase === 'waiting' && thief?.strikesAt === null;
  const graceUntil = session?.graceUntil ?? 0;
  useEffect(() => {
    if (phase !== 'holding' && !isUnused) return;
    const act = () =>
      // The timeline shows the result.
      (isUnused ? client.whoami.query() : tap.session.refresh()).catch(() => {});
    const wait = isUnused ? 0 : graceUntil - tap.recorder.now() + MARGIN_MS;
    const timer = setTimeout(() => void act(), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [phase, isUnused, graceUntil]);
}
