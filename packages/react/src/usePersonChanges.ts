import type { Session, User } from '@latchkey/client';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { forgetPerson, type QueryCacheOwner } from './forgetPerson.js';
import { withInitialUser } from './withInitialUser.js';

export interface PersonChangesOptions {
  readonly session: Session;
  readonly queryClient: QueryCacheOwner | undefined;
  readonly initialUser: User | null | undefined;
}

/** How many people have signed out or given way to another; the cache is emptied before the number grows. */
export function usePersonChanges({ session, queryClient, initialUser }: PersonChangesOptions): number {
  const [seen] = useState(() => ({ owner: ownerOf(session, initialUser), changes: 0 }));

  const subscribe = useCallback(
    (onChange: () => void) => {
      const check = () => {
        const previous = seen.owner;
        seen.owner = ownerOf(session, initialUser);
        if (previous === undefined || previous === seen.owner) return;
        seen.changes++;
        if (queryClient) forgetPerson(queryClient);
      };
      check(); // The session may have changed between the first render and now.
      const stopIdentity = session.onIdentityChange(check); // Called before any component renders.
      const stopChanges = session.subscribe(() => {
        check(); // The session may find that the person the server knew is signed out, which is no identity change.
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
    () => seen.changes,
    () => 0,
  );
}

function ownerOf(session: Session, initialUser: User | null | undefined): string | undefined {
  return withInitialUser(session.getSnapshot(), initialUser).user?.id;
}
