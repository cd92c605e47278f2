import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { EndAllSessions } from '../signIn/endAllSessions.js';
import type { UserStore } from '../user/userStore.js';
import { type Administrator, announceAct } from './administrator.js';

/** Creates the use case with which an administrator ends all sessions of a person. */
export function createEndSessions(parts: {
  users: Pick<UserStore, 'find'>;
  endAllSessions: EndAllSessions;
  events: AuthEvents;
}) {
  const { users, endAllSessions, events } = parts;
  /**
   * @returns how many were live
   * @throws AuthError NOT_FOUND
   */
  return async (by: Administrator, userId: string): Promise<number> => {
    if ((await users.find(userId)) === undefined) throw new AuthError('NOT_FOUND');
    const ended = await endAllSessions(userId);
    announceAct(events, by, { targetUserId: userId, detail: 'revokeSessions' });
    return ended;
  };
}

export type EndSessions = ReturnType<typeof createEndSessions>;
