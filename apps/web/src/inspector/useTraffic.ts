import { useEffect } from 'react';
import { client, session } from '../api.js';

/** Enough to show that calls wait, without a burst when the server is back. */
const MOST_WAITING = 8;

/** Makes a real call every `everyMs` while somebody is signed in; 0 makes none. */
export function useTraffic(everyMs: number): void {
  useEffect(() => {
    if (everyMs === 0) return;
    let waiting = 0;
    const call = async () => {
      if (!session.getSnapshot().user || waiting >= MOST_WAITING) return;
      waiting++;
      // The timeline shows the result.
      await client.whoami.query().catch(() => {});
      waiting--;
    };
    const timer = setInterval(() => void call(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
