import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Sessions } from '../session/sessions.js';
import { ADMIN_ROLE } from '../user/roles.js';
import type { UserStore } from '../user/userStore.js';
import { type Administrator, announceAct } from './administrator.js';

interface DisableUserParts {
  readonly users: Pick<
    UserStore,
    'find' | 'disable' | 'hasAnotherWithRole' | 'markForDisabling' | 'unmarkForDisabling'
  >;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly events: AuthEvents;
  readonly clock: Clock;
}

/** Creates the use case that refuses a person's sign-ins and ends all of their sessions. */
export function createDisableUser({ users, sessions, events, clock }: DisableUserParts) {
  /** Idempotent: repeat it after a failure, which may have come half-way. Returns whether there is such a user. */
  async function disable(userId: string): Promise<boolean> {
    const isKnown = await users.disable(userId, new Date(clock()));
    await sessions.endAll(userId, { reason: 'disabled' });
    if (isKnown) events.emit('user_updated', { userId, detail: 'disabled' });
    return isKnown;
  }

  /**
   * Each request first marks the administrator and counts the others afterwards, without all who are marked. Of several
   * administrators being disabled at once, the last to be marked sees that no other is left. After a crash in between,
   * the mark remains: it makes refusals more likely and never less, until the same is done again or the person is
   * enabled.
   */
  async function assertNotLast(userId: string): Promise<void> {
    const mark = randomUUID();
    await users.markForDisabling(userId, mark);
    if (await users.hasAnotherWithRole(ADMIN_ROLE, userId)) return;
    await users.unmarkForDisabling(userId, mark);
    throw new AuthError('LAST_ADMINISTRATOR');
  }

  return {
    /** For the server itself. */
    disable,

    /**
     * For an administrator.
     *
     * @throws AuthError NOT_FOUND | OWN_ACCOUNT | LAST_ADMINISTRATOR
     */
    async disableAs(by: Administrator, userId: string): Promise<void> {
      if (userId === by.userId) throw new AuthError('OWN_ACCOUNT');
      const user = await users.find(userId);
      if (user === undefined) throw new AuthError('NOT_FOUND');
      if (user.roles.includes(ADMIN_ROLE)) await assertNotLast(userId);
      await disable(userId);
      announceAct(events, by, { targetUserId: userId, detail: 'disable' });
    },
  };
}

export type DisableUser = ReturnType<typeof createDisableUser>;
