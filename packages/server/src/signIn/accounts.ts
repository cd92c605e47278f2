import type { ClientInfo } from '../clientInfo.js';
import type { User } from '../contract/index.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { RevocationReason } from '../session/sessionModel.js';
import type { SessionStore } from '../session/sessionStore.js';
import type { Sessions } from '../session/sessions.js';
import type { UserChanges } from '../user/userChanges.js';
import { isSameUser, toUser } from '../user/userModel.js';
import type { Users } from '../user/users.js';

/** What concerns a person and all of their sessions at once. */
export interface Accounts {
  /**
   * Ends every session of a person but `except`, also those of sign-ins that are under way.
   *
   * @returns how many sessions it ended
   */
  endAllSessions(
    userId: string,
    options?: {
      except?: string | undefined;
      reason?: RevocationReason;
      /** Whose request asked for it, if one of the person did. */
      client?: ClientInfo | undefined;
    },
  ): Promise<number>;
  /**
   * Refuses sign-ins and ends every session. Idempotent: to be repeated after a failure half-way.
   *
   * @returns whether there is such a user
   */
  disable(userId: string): Promise<boolean>;
  /**
   * Allows sign-ins again; sessions stay ended.
   *
   * @returns whether there is such a user
   */
  enable(userId: string): Promise<boolean>;
  /**
   * Replaces a person's roles and ends every session, because access tokens carry the old ones.
   * Idempotent, as disabling is.
   *
   * @returns whether there is such a user
   */
  setRoles(userId: string, roles: readonly string[]): Promise<boolean>;
  /** Brings the copies of a person in all of their sessions up to date; to be called after a change of the person. */
  followUser(userId: string): Promise<void>;
}

export interface AccountsOptions {
  readonly users: Pick<Users, 'find' | 'interruptSignIns' | 'disable' | 'enable'>;
  readonly changes: Pick<UserChanges, 'setRoles'>;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly sessionStore: Pick<SessionStore, 'setUser'>;
  readonly events: AuthEvents;
}

/** Enough for any real race: every further round means that the person was changed again. */
const MAX_RACES = 20;

/**
 * Accounts over users and sessions.
 *
 * The user is always written first: a sign-in reads it again after it has stored its session, so that
 * either that read sees the change, or the session was stored before and is found by the ending.
 */
export function createAccounts({
  users,
  changes,
  sessions,
  sessionStore,
  events,
}: AccountsOptions): Accounts {
  async function followUser(userId: string): Promise<void> {
    let written: User | undefined;
    // Of several changes at once any may write its copies last: whoever does reads the person again and sees it.
    for (let race = 0; race < MAX_RACES; race++) {
      const record = await users.find(userId);
      if (record === undefined) return;
      const user = toUser(record);
      if (written !== undefined && isSameUser(user, written)) return;
      await sessionStore.setUser(user);
      written = user;
    }
    throw new Error('A copy of a user lost every race.');
  }

  return {
    followUser,
    async setRoles(userId, roles) {
      const changed = await changes.setRoles(userId, roles);
      await sessions.endAll(userId, { reason: 'roles' });
      if (changed === undefined) return false;
      events.emit('privilege_permissions_changed', { userId, detail: roles.join(', ') || 'none' });
      return true;
    },
    async endAllSessions(userId, { except, reason = 'revoked', client } = {}) {
      await users.interruptSignIns(userId);
      return sessions.endAll(userId, { except, reason, client });
    },
    async disable(userId) {
      const known = await users.disable(userId);
      await sessions.endAll(userId, { reason: 'disabled' });
      if (known) events.emit('user_updated', { userId, detail: 'disabled' });
      return known;
    },
    async enable(userId) {
      const known = await users.enable(userId);
      if (known) events.emit('user_updated', { userId, detail: 'enabled' });
      return known;
    },
  };
}
