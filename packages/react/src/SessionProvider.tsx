import type { Session } from '@latchkey/client';
import { createContext, Fragment, type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';

/** The session of the nearest {@link SessionProvider}. */
export const SessionContext = createContext<Session | null>(null);

/** What is asked of a cache of queries; TanStack Query's `QueryClient` does it. */
export interface QueryCacheOwner {
  cancelQueries(): Promise<unknown>;
  clear(): void;
}

/** Props of {@link SessionProvider}. */
export interface SessionProviderProps {
  readonly session: Session;
  /** Emptied whenever a person leaves, so that nobody is shown what another person's queries brought. */
  readonly queryClient?: QueryCacheOwner;
  readonly children?: ReactNode;
}

/**
 * Gives the session to the components below, and makes them forget a person who leaves: running queries are
 * cancelled, the cache is cleared, and the components are mounted anew.
 */
export function SessionProvider({ session, queryClient, children }: SessionProviderProps): ReactNode {
  const departures = useRef(0);
  useEffect(
    () =>
      session.onIdentityChange(({ previous }) => {
        if (!previous) return;
        departures.current++;
        queryClient?.cancelQueries().catch(() => {}); // their outcome is nobody's any more
        queryClient?.clear();
      }),
    [session, queryClient],
  );
  // Read as a store, so that the new tree is rendered in the same pass as the new snapshot, never after it.
  const key = useSyncExternalStore(
    session.subscribe,
    () => departures.current,
    () => 0,
  );
  return (
    <SessionContext value={session}>
      <Fragment key={key}>{children}</Fragment>
    </SessionContext>
  );
}
