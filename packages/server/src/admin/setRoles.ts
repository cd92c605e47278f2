import type { AuthEvents } from '../events/authEvents.js';
import type { Sessions } from '../session/sessions.js';
import { assertRoles } from '../user/roles.js';
import type { UserStore } from '../user/userStore.js';

/** Creates the use case that replaces a person's roles and ends their sessions, because access tokens carry the old ones. */
export function createSetRoles(parts: {
  users: Pick<UserStore, 'setRoles'>;
  sessions: Pick<Sessions, 'endAll'>;
  events: AuthEvents;
}) {
  const { users, sessions, events } = parts;
  /** Idempotent: repeat it after a failure. Returns whether there is such a user. */
  return async (userId: string, roles: readonly string[]): Promise<boolean> => {
    assertRoles(roles);
    const isKnown = await users.setRoles(userId, roles);
    await sessions.endAll(userId, { reason: 'roles' });
    if (isKnown) events.emit('privilege_permissions_changed', { userId, detail: roles.join(', ') || 'none' });
    return isKnown;
  };
}
