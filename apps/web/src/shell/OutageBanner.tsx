import { useSession } from '@latchkey/react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { Button } from '../ui/Button.js';
import { Latch } from '../ui/Latch.js';

/** Shows that the server does not respond or that there is no network. The session retries by itself. */
export function OutageBanner(): ReactNode {
  const { status, user, refresh } = useSession();
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  // The next state of the session shows the result.
  const tryNow = () => void refresh().catch(() => {});
  const isOut = status === 'unreachable' || !isOnline;
  return (
    <div role="status" className="sticky top-0 z-40">
      {isOut && (
        <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-line border-b bg-amber-tint px-4 py-2.5">
          <p className="flex items-center gap-3">
            <Latch isTurning className="size-6" />
            <span>
              {isOnline ? 'The server does not respond. ' : 'You are offline. '}
              {user && 'You stay signed in, and your changes are sent later. '}
              {isOnline && 'Trying again…'}
            </span>
          </p>
          <Button size="small" onClick={tryNow}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}

function subscribeToNetwork(listener: () => void) {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
