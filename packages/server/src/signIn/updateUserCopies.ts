import type { User } from '../contract/index.js';
import type { SessionStore } from '../session/sessionStore.js';
import { isSameUser, toUser } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';

/** Enough for any real race: each further round means that the user was changed again. */
const MAX_RACES = 20;

/** Creates the use case that brings the copies of a user in their sessions up to date, after a change of the user. */
export function createUpdateUserCopies(parts: {
  users: Pick<UserStore, 'find'>;
  sessionStore: Pick<SessionStore, 'setUser'>;
}) {
  const { users, sessionStore } = parts;
  return async (userId: string): Promise<void> => {
    let written: User | undefined;
    // Of several changes at once, any may write its copies last. The one that does reads the user again and sees it.
    for (let race = 0; race < MAX_RACES; race++) {
      const record = await users.find(userId);
      if (record === undefined) return;
      const user = toUser(record);
      if (written !== undefined && isSameUser(user, written)) return;
      await sessionStore.setUser(user);
      written = user;
    }
    throw new Error('A copy of a user lost every race.');
  };
}

export type UpdateUserCopies = ReturnType<typeof createUpdateUserCopies>;
