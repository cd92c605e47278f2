import type { AuthEvents } from '../events.js';
import type { RevocationReason } from '../session/sessionModel.js';
import type { Sessions } from '../session/sessions.js';
import type { Users } from './users.js';

/** What concerns a person and all of their sessions at once. */
export interface Accounts {
  /**
   * Ends every session of a person but `except`, also those of sign-ins that are under way.
   *
   * @returns how many sessions it ended
   */
  endAllSessions(
    userId: string,
    options?: { except?: string | undefined; reason?: RevocationReason },
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
}

export interface AccountsOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly events: AuthEvents;
}

/**
 * Accounts over users and sessions.
 *
 * The user is always written first: a sign-in reads it again after it has stored its session, so that
 * either that read sees the change, or the session was stored before and is found by the ending.
 */
export function createAccounts({ users, sessions, events }: AccountsOptions): Accounts {
  return {
    async endAllSessions(userId, { except, reason = 'revoked' } = {}) {
      await users.interruptSignIns(userId);
      return sessions.endAll(userId, { except, reason });
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
    async setRoles(userId, roles) {
      const known = await users.setRoles(userId, roles);
      await sessions.endAll(userId, { reason: 'roles' });
      const detail = roles.join(', ') || 'none';
      if (known) events.emit('privilege_permissions_changed', { userId, detail });
      return known;
    },
  };
}
