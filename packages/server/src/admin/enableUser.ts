import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { UserStore } from '../user/userStore.js';
import { type Administrator, announceAct } from './administrator.js';

/** Creates the use case that allows a person's sign-ins again; sessions stay ended. */
export function createEnableUser(parts: { users: Pick<UserStore, 'enable'>; events: AuthEvents }) {
  const { users, events } = parts;

  async function enable(userId: string): Promise<boolean> {
    const isKnown = await users.enable(userId);
    if (isKnown) events.emit('user_updated', { userId, detail: 'enabled' });
    return isKnown;
  }

  return {
    /** For the server itself; returns whether there is such a user. */
    enable,

    /**
     * For an administrator.
     *
     * @throws AuthError NOT_FOUND
     */
    async enableAs(by: Administrator, userId: string): Promise<void> {
      if (!(await enable(userId))) throw new AuthError('NOT_FOUND');
      announceAct(events, by, { targetUserId: userId, detail: 'enable' });
    },
  };
}

export type EnableUser = ReturnType<typeof createEnableUser>;
