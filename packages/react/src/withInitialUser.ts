import type { SessionSnapshot, User } from '@latchkey/client';

/** The snapshot of the session, or the person that the server rendered the page for, until the session knows. */
export type KnownSnapshot = SessionSnapshot | { readonly status: 'restoring'; readonly user: User };

const ANONYMOUS: SessionSnapshot = { status: 'anonymous', user: null };

/**
 * Completes a snapshot that does not know yet who is signed in by what the server knew.
 *
 * @param initialUser undefined: the server did not know; null: it knew that nobody is signed in
 */
export function withInitialUser(
  snapshot: SessionSnapshot,
  initialUser: User | null | undefined,
): KnownSnapshot {
  if (snapshot.user || initialUser === undefined) return snapshot;
  if (snapshot.status === 'restoring')
    return initialUser ? { status: 'restoring', user: initialUser } : ANONYMOUS;
  return snapshot.status === 'unreachable' ? { ...snapshot, user: initialUser } : snapshot;
}
