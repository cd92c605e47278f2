import type { ClientInfo } from '../clientInfo.js';
import type { User } from '../contract/index.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Accounts } from '../signIn/accounts.js';
import type { UserDirectory, UserQuery } from '../user/userDirectory.js';
import { toUser } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import { ADMIN_ROLE, type Administrators } from './administrators.js';

/** The administrator who acts, and from where. */
export interface Administrator {
  readonly userId: string;
  readonly client: ClientInfo;
}

/** Why nothing was done. */
export type Refused = 'unknown user' | 'own account' | 'last administrator';

/** What an administrator does about other people's accounts. Everything is idempotent: to be repeated after a failure. */
export interface Administration {
  /** The role that it is meant for. */
  readonly role: string;
  list(query: UserQuery): Promise<{ items: (User & { disabled: boolean })[]; nextCursor: string | null }>;
  /** Refuses a person's sign-ins and ends all of their sessions. */
  disable(userId: string, by: Administrator): Promise<'done' | Refused>;
  enable(userId: string, by: Administrator): Promise<'done' | Refused>;
  /** Ends all of a person's sessions; how many were live. */
  revokeSessions(userId: string, by: Administrator): Promise<number | Refused>;
}

export interface AdministrationOptions {
  readonly users: Pick<Users, 'find'>;
  readonly directory: Pick<UserDirectory, 'list'>;
  readonly administrators: Administrators;
  readonly accounts: Accounts;
  readonly events: AuthEvents;
}

/** Administration over accounts; tells of everything that is done. */
export function createAdministration(options: AdministrationOptions): Administration {
  const { users, directory, administrators, accounts, events } = options;

  const announce = (detail: string, { by, userId }: { by: Administrator; userId: string }) =>
    events.emit('authz_admin', { userId: by.userId, targetUserId: userId, client: by.client, detail });

  return {
    role: ADMIN_ROLE,

    async list(query) {
      const { records, nextCursor } = await directory.list(query);
      const items = records.map((record) => ({ ...toUser(record), disabled: record.disabledAt !== null }));
      return { items, nextCursor };
    },

    async disable(userId, by) {
      if (userId === by.userId) return 'own account';
      const user = await users.find(userId);
      if (user === undefined) return 'unknown user';
      const isAdmin = user.roles.includes(ADMIN_ROLE);
      if (isAdmin && !(await administrators.spare(userId))) return 'last administrator';
      await accounts.disable(userId);
      announce('disable', { by, userId });
      return 'done';
    },

    async enable(userId, by) {
      if (!(await accounts.enable(userId))) return 'unknown user';
      announce('enable', { by, userId });
      return 'done';
    },

    async revokeSessions(userId, by) {
      if ((await users.find(userId)) === undefined) return 'unknown user';
      const revoked = await accounts.endAllSessions(userId);
      announce('revokeSessions', { by, userId });
      return revoked;
    },
  };
}
