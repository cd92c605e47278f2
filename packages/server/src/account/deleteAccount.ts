import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AccountParts } from './accountParts.js';

/** Longer than a node's feed of ended sessions looks back beyond the life of an access token. */
const FEED_MARGIN_MS = 60_000;

/**
 * Creates the use case that deletes an account: it ends the sessions on every node, then removes links, activity and
 * user. The ended sessions stay stored, without anything personal, for as long as an access token may live, because
 * other nodes learn of the ending there.
 *
 * A failure half-way leaves an account without sessions; its owner can sign in and delete it again.
 */
export function createDeleteAccount(parts: AccountParts) {
  const { users, endAllSessions, sessions, sessionStore, links, activity, confirmPassword } = parts;
  const { events, outbox, texts, clock, accessTokenLifetimeMs } = parts;
  /** @throws AuthError INVALID_CREDENTIALS | SESSION_REVOKED | TOO_MANY_ATTEMPTS */
  return async (request: { userId: string; password: string; client: ClientInfo }): Promise<void> => {
    const { userId, password, client } = request;
    const user = await users.find(userId);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    await confirmPassword(user, { password, field: 'password' });
    await endAllSessions(userId, { reason: 'deleted', client });
    await links.removeAll(userId);
    await activity.forget(userId);
    const isRemoved = await users.remove(userId);
    // For a sign-in between the two; a later one finds no user.
    await sessions.endAll(userId, { reason: 'deleted' });
    await sessionStore.erase(userId, clock() + accessTokenLifetimeMs + FEED_MARGIN_MS);
    // For what was recorded since.
    await activity.forget(userId);
    if (!isRemoved) return;
    events.emit('user_deleted', { userId, client });
    outbox.post('account_deleted', () => texts.accountDeleted(user));
  };
}

export type DeleteAccount = ReturnType<typeof createDeleteAccount>;
