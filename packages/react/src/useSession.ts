import type { EndReason, Session, SessionSnapshot, User } from '@latchkey/client';
import { use, useMemo, useSyncExternalStore } from 'react';
import { SessionContext } from './SessionProvider.js';

/** The snapshot of the session, the reason if it ended, and what can be done with it. */
export type SessionState = SessionSnapshot & { readonly reason: EndReason | null } & Pick<
    Session,
    'login' | 'register' | 'logout' | 'refresh'
  >;

const useSessionContext = (): Session => {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it');
  return session;
};

/**
 * The state of the session; renders again when it changes.
 *
 * @example
 * const { status, user, login, logout } = useSession();
 */
export function useSession(): SessionState {
  const session = useSessionContext();
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot, session.getSnapshot);
  return useMemo(() => {
    const { login, register, logout, refresh } = session;
    const reason = snapshot.status === 'ended' ? snapshot.reason : null;
    return Object.assign({}, snapshot, { reason, login, register, logout, refresh });
  }, [session, snapshot]);
}

/** The person signed in, or null. */
export function useUser(): User | null {
  const session = useSessionContext();
  const read = () => session.getSnapshot().user;
  return useSyncExternalStore(session.subscribe, read, read);
}
