import { useEffect } from 'react';
import { client, session } from '../api.js';

/** Enough to see that calls wait; more would be a crowd when the server is back. */
const MOST_WAITING = 8;

/** Makes a real call every `everyMs` while somebody is signed in; none where that is 0. */
export function useTraffic(everyMs: number): void {
  useEffect(() => {
    if (everyMs === 0) return;
    let waiting = 0;
    const call = async () => {
      if (!session.getSnapshot().user || waiting >= MOST_WAITING) return;
      waiting++;
      // What came of it is on the timeline.
      await client.whoami.query().catch(() => {});
      waiting--;
    };
    const timer = setInterval(() => void call(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
