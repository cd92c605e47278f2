import type { Session, User } from '@latchkey/client';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { forgetPerson, type QueryCacheOwner } from './forgetPerson.js';
import { withInitialUser } from './withInitialUser.js';

/** What is watched, and what is emptied when a person leaves. */
export interface DeparturesOptions {
  readonly session: Session;
  readonly queryClient: QueryCacheOwner | undefined;
  readonly initialUser: User | null | undefined;
}

function ownerOf(session: Session, initialUser: User | null | undefined): string | undefined {
  return withInitialUser(session.getSnapshot(), initialUser).user?.id;
}

/** How many people have left so far; the cache is emptied before the number grows. */
export function useDepartures({ session, queryClient, initialUser }: DeparturesOptions): number {
  const [seen] = useState(() => ({ owner: ownerOf(session, initialUser), departures: 0 }));

  const subscribe = useCallback(
    (onChange: () => void) => {
      const look = () => {
        const previous = seen.owner;
        seen.owner = ownerOf(session, initialUser);
        if (previous === undefined || previous === seen.owner) return;
        seen.departures++;
        if (queryClient) forgetPerson(queryClient);
      };
      look(); // nobody listened between the first render and now
      const stopIdentity = session.onIdentityChange(look); // comes before any component hears of it
      const stopChanges = session.subscribe(() => {
        look(); // whom the server knew may turn out to be nobody, which is no change of the session's own
        onChange();
      });
      return () => {
        stopIdentity();
        stopChanges();
      };
    },
    [seen, session, queryClient, initialUser],
  );
  // Read as a store, so that the new tree is rendered in the same pass as the new snapshot, never after it.
  return useSyncExternalStore(
    subscribe,
    () => seen.departures,
    () => 0,
  );
}
