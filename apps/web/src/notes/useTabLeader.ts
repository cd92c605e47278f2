import { useEffect, useState } from 'react';

/** Whether this tab is the leader of all tabs that use this name. When it closes, another becomes the leader. */
export function useTabLeader(name: string): boolean {
  const [isLeader, setLeader] = useState(false);

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const lead = () =>
      new Promise<void>((resolve) => {
        setLeader(true);
        signal.addEventListener('abort', () => resolve());
      });
    navigator.locks.request(name, { signal }, lead).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    return () => {
      leaving.abort();
      setLeader(false);
    };
  }, [name]);

  return isLeader;
}
