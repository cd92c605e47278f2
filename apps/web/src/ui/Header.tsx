import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';

/** The name of the app, who is signed in, and the way out. */
export function Header(): ReactNode {
  const { user, logout } = useSession();
  return (
    <header className="header">
      <span className="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Latchkey
      </span>
      {user && (
        <div className="person">
          <span className="name" title={user.email}>
            {user.username}
          </span>
          <button type="button" className="quiet" onClick={() => void logout()}>
            Sign out
          </button>
        </div>
      )}
    </header>
  );
}
