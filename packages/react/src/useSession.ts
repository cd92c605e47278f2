import type { EndReason, Session, SessionSnapshot, User } from '@latchkey/client';
import { use, useMemo, useSyncExternalStore } from 'react';
import { SessionContext } from './SessionProvider.js';
import { type KnownSnapshot, withInitialUser } from './withInitialUser.js';

/** The snapshot of the session, the reason if it ended, and the session's actions. */
export type SessionState = KnownSnapshot & { readonly reason: EndReason | null } & Pick<
    Session,
    'login' | 'register' | 'logout' | 'refresh'
  >;

const RESTORING: SessionSnapshot = { status: 'restoring', user: null };

function getServerSnapshot() {
  return RESTORING;
}

function useSnapshot(): { readonly session: Session; readonly snapshot: KnownSnapshot } {
  const provided = use(SessionContext);
  if (!provided) throw new Error('useSession and useUser need a SessionProvider above them');
  const { session, initialUser } = provided;
  // A page hydrates to what the server rendered, even if its own session already knows more.
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot, getServerSnapshot);
  return useMemo(
    () => ({ session, snapshot: withInitialUser(snapshot, initialUser) }),
    [session, snapshot, initialUser],
  );
}

/**
 * Returns the state of the session, and renders again when it changes.
 *
 * @example
 * const { status, user, login, logout } = useSession();
 */
export function useSession(): SessionState {
  const known = useSnapshot();
  return useMemo(() => {
    const { session, snapshot } = known;
    const { login, register, logout, refresh } = session;
    const reason = snapshot.status === 'ended' ? snapshot.reason : null;
    return Object.assign({}, snapshot, { reason, login, register, logout, refresh });
  }, [known]);
}

/**
 * Returns the person signed in, or null.
 *
 * @example
 * const user = useUser();
 */
export function useUser(): User | null {
  return useSnapshot().snapshot.user;
}
