import type { User } from '@latchkey/client';
import type { ReactNode } from 'react';
import { useSession } from './useSession.js';

/** Props of {@link SignedIn}. */
export interface SignedInProps {
  /** Shown to a person who is signed in; a function is called with that person. */
  readonly children: ReactNode | ((user: User) => ReactNode);
  /**
   * Shown when nobody is signed in.
   *
   * @default null
   */
  readonly fallback?: ReactNode;
  /**
   * Shown while the session does not know yet: at the start, and when an outage began before the first load.
   *
   * @default null
   */
  readonly pending?: ReactNode;
}

/**
 * Shows its children to a person who is signed in, also during an outage.
 *
 * @example
 * <SignedIn fallback={<SignInPage />} pending={<Spinner />}>
 *   {(user) => <Notes owner={user} />}
 * </SignedIn>
 */
export function SignedIn({ children, fallback = null, pending = null }: SignedInProps): ReactNode {
  const { user, status } = useSession();
  if (user) return typeof children === 'function' ? children(user) : children;
  return status === 'restoring' || status === 'unreachable' ? pending : fallback;
}
