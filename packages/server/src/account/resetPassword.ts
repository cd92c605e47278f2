import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import { assertHardToGuess } from '../password/passwordPolicy.js';
import type { AccountParts } from './accountParts.js';
import { finishPasswordChange } from './finishPasswordChange.js';

/** Creates the use case that sets a password by a mailed link and ends every session. */
export function createResetPassword(parts: AccountParts) {
  const { users, sessions, links, limits, hashing, appName, isBreached } = parts;

  /**
   * A disabled account stays disabled.
   *
   * @throws AuthError LINK_INVALID | PASSWORD_TOO_COMMON | TOO_MANY_ATTEMPTS
   */
  return async (request: { token: string; newPassword: string; client: ClientInfo }): Promise<void> => {
    const { token, newPassword, client } = request;
    await limits.consume('link', { client });
    const found = await links.find(token, ['reset']);
    if (found === undefined) throw new AuthError('LINK_INVALID');
    // Those alive before the user is read; see changePassword.ts.
    const live = await sessions.list(found.userId);
    const user = await users.find(found.userId);
    if (user?.email !== found.email || user.linkEpoch !== found.epoch) throw new AuthError('LINK_INVALID');
    const context = { username: user.username, email: user.email, appName };
    await assertHardToGuess(newPassword, { context, isBreached, field: 'newPassword' });
    const passwordHash = await hashing.hash(newPassword);
    // Before the link is used up: after a failure here it still serves.
    await limits.reset(user._id);
    await Promise.all(live.map(({ _id }) => sessions.end(_id, 'password', client)));
    const link = await links.redeem(token, ['reset']);
    const changed = link && (await users.resetPassword(link, passwordHash));
    if (changed === undefined) throw new AuthError('LINK_INVALID');
    await sessions.endAll(user._id, { reason: 'password', client });
    await finishPasswordChange(parts, changed, { client, detail: 'reset' });
  };
}

export type ResetPassword = ReturnType<typeof createResetPassword>;
