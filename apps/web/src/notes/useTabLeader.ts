import { useEffect, useState } from 'react';

/** Whether this tab is the one, of all that ask under this name, which acts for them; when it goes, another is. */
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
