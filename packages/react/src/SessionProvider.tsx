import type { Session, User } from '@latchkey/client';
import { createContext, Fragment, type ReactNode, useMemo, useState } from 'react';
import type { QueryCacheOwner } from './forgetPerson.js';
import { usePersonChanges } from './usePersonChanges.js';

export interface ProvidedSession {
  readonly session: Session;
  readonly initialUser: User | null | undefined;
}

export const SessionContext = createContext<ProvidedSession | null>(null);

/** Props of {@link SessionProvider}. */
export interface SessionProviderProps {
  readonly session: Session;
  /** Emptied whenever a person signs out or another signs in, so that one is never shown the other's data. */
  readonly queryClient?: QueryCacheOwner;
  /**
   * The person that a server rendered the page for, null for nobody: shown until the session itself knows. Pass the
   * same value on the server and on the page that hydrates. Later changes are ignored.
   *
   * @default undefined: the server does not know
   */
  readonly initialUser?: User | null | undefined;
  readonly children?: ReactNode;
}

/**
 * Gives the session to the components below. When a person signs out or another signs in, running queries are
 * cancelled, the cache is cleared, and the components are mounted again.
 *
 * @example
 * <SessionProvider session={session} queryClient={queryClient}>
 *   <App />
 * </SessionProvider>
 */
export function SessionProvider(props: SessionProviderProps): ReactNode {
  const { session, queryClient, children } = props;
  const [initialUser] = useState(props.initialUser);
  const changes = usePersonChanges({ session, queryClient, initialUser });
  const provided = useMemo(() => ({ session, initialUser }), [session, initialUser]);
  return (
    <SessionContext value={provided}>
      <Fragment key={changes}>{children}</Fragment>
    </SessionContext>
  );
}
