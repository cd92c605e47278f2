import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import { assertHardToGuess } from '../password/passwordPolicy.js';
import type { SessionGrant } from '../session/refresh.js';
import type { SessionRecord } from '../session/sessionModel.js';
import type { UserRecord } from '../user/userModel.js';
import type { AccountParts } from './accountParts.js';
import { finishPasswordChange } from './finishPasswordChange.js';

/** Who asks for a new password, and from which session. */
export interface PasswordChange {
  readonly userId: string;
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Whether the person's other sessions end too. */
  readonly revokeOthers: boolean;
  readonly client: ClientInfo;
  /** The refresh token in the request's cookie. */
  readonly replaces: string | undefined;
}

/** Each further round means that another request changed the account meanwhile. */
const MAX_RACES = 5;

/**
 * Creates the use case that replaces the password and, with it, the session that asked.
 *
 * Sessions are ended before the password is replaced and once more afterwards: before, so that a crash in between
 * leaves no old session beside a new password; afterwards, for those that were begun in between. Before, only those
 * end that were alive when the user was read, since a later one belongs to another change that won.
 */
export function createChangePassword(parts: AccountParts) {
  const { users, sessions, sessionStore, hashing, confirmPassword, completeSignIn, clock } = parts;
  const { events, appName, isBreached } = parts;

  /** The user as of before the session was found alive: a later ending shows in their epoch. */
  async function authenticate(change: PasswordChange): Promise<{ user: UserRecord; session: SessionRecord }> {
    const { userId, sessionId, currentPassword: password, client } = change;
    const user = await users.find(userId);
    const session = await sessionStore.find(sessionId);
    if (user === undefined || session === undefined || session.revokedAt !== null)
      throw new AuthError('SESSION_REVOKED');
    if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED');
    await confirmPassword(user, { password, field: 'currentPassword' }).catch((error: unknown) => {
      const detail = error instanceof AuthError ? error.reason : undefined;
      events.emit('authn_password_change_fail', { userId, sessionId, client, detail });
      throw error;
    });
    return { user, session };
  }

  async function listOthers({ userId, sessionId, revokeOthers }: PasswordChange) {
    const live = revokeOthers ? await sessions.list(userId) : [];
    return live.filter(({ _id }) => _id !== sessionId);
  }

  /** Replaces the password; returns the user as changed, and the session that asked. */
  async function replace(change: PasswordChange): Promise<{ user: UserRecord; session: SessionRecord }> {
    const { newPassword, client } = change;
    let passwordHash: string | undefined;
    for (let race = 0; race < MAX_RACES; race++) {
      const others = await listOthers(change);
      const { user, session } = await authenticate(change);
      const context = { username: user.username, email: user.email, appName };
      await assertHardToGuess(newPassword, { context, isBreached, field: 'newPassword' });
      passwordHash ??= await hashing.hash(newPassword);
      await Promise.all(others.map(({ _id }) => sessions.end(_id, 'password', client)));
      const changed = await users.replacePassword(user, passwordHash);
      if (changed !== undefined) return { user: changed, session };
    }
    throw new Error('A password change lost every race.');
  }

  /**
   * @throws AuthError INVALID_CREDENTIALS | PASSWORD_TOO_COMMON | ACCOUNT_DISABLED | SESSION_REVOKED |
   *   TOO_MANY_ATTEMPTS
   */
  return async (change: PasswordChange): Promise<SessionGrant> => {
    const { userId, sessionId, revokeOthers, client, replaces } = change;
    const { user, session } = await replace(change);
    // Only the request that ends the old session may begin the new one: else a sign-out at the same moment would not last.
    const ended = await sessions.end(sessionId, 'replaced', client);
    if (revokeOthers) await sessions.endAll(userId, { reason: 'password', client });
    await finishPasswordChange(parts, user, { client, detail: 'change' });
    if (!ended) throw new AuthError('SESSION_REVOKED');
    const { persistent } = session;
    return completeSignIn(user, { verifiedAt: new Date(clock()) }, { client, persistent, replaces });
  };
}

export type ChangePassword = ReturnType<typeof createChangePassword>;
