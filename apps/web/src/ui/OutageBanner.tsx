import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';

/** Says that the server does not answer; it is asked again by itself. */
export function OutageBanner(): ReactNode {
  const { status, user, refresh } = useSession();
  // The next state tells what came of it.
  const tryNow = () => void refresh().catch(() => {});
  return (
    <div role="status" className="banner-place">
      {status === 'unreachable' && (
        <p className="banner">
          <span>The server does not answer. {user ? 'You stay signed in. ' : ''}Trying again…</span>
          <button type="button" className="quiet" onClick={tryNow}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
