import type { SessionSnapshot, User } from '@latchkey/client';

/** The snapshot of the session, or what a server that rendered the page knew before it. */
export type KnownSnapshot = SessionSnapshot | { readonly status: 'restoring'; readonly user: User };

const ANONYMOUS: SessionSnapshot = { status: 'anonymous', user: null };

/**
 * Lays what the server knew under a snapshot that does not know yet: the page goes on showing whom it was rendered
 * for until the session itself has found out.
 *
 * @param initialUser undefined: the server knew nothing; null: it knew that nobody is signed in
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
