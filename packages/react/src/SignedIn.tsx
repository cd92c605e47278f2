import type { User } from '@latchkey/client';
import type { ReactNode } from 'react';
import { useSession } from './useSession.js';

/** Props of {@link SignedIn}. */
export interface SignedInProps {
  /** What only a person signed in is shown; as a function, it is told who that is. */
  readonly children: ReactNode | ((user: User) => ReactNode);
  /** Shown to nobody in particular: signed out, or not signed in yet. */
  readonly fallback?: ReactNode;
  /** Shown while it is not known yet: at the start, and when an outage met the first load. */
  readonly pending?: ReactNode;
}

/** Shows its children to a person who is signed in, an outage notwithstanding. */
export function SignedIn({ children, fallback = null, pending = null }: SignedInProps): ReactNode {
  const { user, status } = useSession();
  if (user) return typeof children === 'function' ? children(user) : children;
  return status === 'restoring' || status === 'unreachable' ? pending : fallback;
}
