import type { Session, User } from '@latchkey/client';
import { createContext, Fragment, type ReactNode, useMemo, useState } from 'react';
import type { QueryCacheOwner } from './forgetPerson.js';
import { useDepartures } from './useDepartures.js';

/** What the nearest {@link SessionProvider} was given. */
export interface ProvidedSession {
  readonly session: Session;
  readonly initialUser: User | null | undefined;
}

/** The session of the nearest {@link SessionProvider}. */
export const SessionContext = createContext<ProvidedSession | null>(null);

/** Props of {@link SessionProvider}. */
export interface SessionProviderProps {
  readonly session: Session;
  /** Emptied whenever a person leaves, so that nobody is shown what another person's queries brought. */
  readonly queryClient?: QueryCacheOwner;
  /**
   * Whom a server rendered the page for, null for nobody: shown until the session itself has found out. Give the
   * server and the page that hydrates the same. Later changes are ignored. Leave it out where the server does not know.
   */
  readonly initialUser?: User | null | undefined;
  readonly children?: ReactNode;
}

/**
 * Gives the session to the components below, and makes them forget a person who leaves: running queries are
 * cancelled, the cache is cleared, and the components are mounted anew.
 */
export function SessionProvider(props: SessionProviderProps): ReactNode {
  const { session, queryClient, children } = props;
  const [initialUser] = useState(props.initialUser);
  const departures = useDepartures({ session, queryClient, initialUser });
  const provided = useMemo(() => ({ session, initialUser }), [session, initialUser]);
  return (
    <SessionContext value={provided}>
      <Fragment key={departures}>{children}</Fragment>
    </SessionContext>
  );
}
