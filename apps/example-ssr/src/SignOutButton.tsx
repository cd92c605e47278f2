import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';

export function SignOutButton(): ReactNode {
  const { user, logout } = useSession();
  return (
    <p>
      {user?.username}{' '}
      <button type="button" onClick={() => void logout()}>
        Sign out
      </button>
    </p>
  );
}
