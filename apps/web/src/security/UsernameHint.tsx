import { useUser } from '@latchkey/react';
import type { ReactNode } from 'react';

/** Tells a password manager which account a form concerns. Hidden from people. */
export function UsernameHint(): ReactNode {
  const user = useUser();
  return (
    <input
      type="text"
      name="username"
      autoComplete="username"
      value={user?.username ?? ''}
      readOnly
      hidden
      aria-hidden="true"
      tabIndex={-1}
    />
  );
}
