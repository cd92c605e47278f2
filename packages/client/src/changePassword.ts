import type { Session } from './session/types.js';
import { AuthError } from './transport/authError.js';
import { isGuardRefusal } from './transport/reasons.js';
import type { ChangePasswordInput, User } from './transport/wire.js';

/**
 * Changes the password of the person signed in. The server begins a new session for it, which is taken over like that
 * of a sign-in: the person stays the same, and other tabs follow.
 *
 * @example
 * await changePassword(session, { currentPassword, newPassword });
 *
 * @throws {AuthError} with `data.reason` and `data.fields` for the form
 */
export async function changePassword(session: Session, input: ChangePasswordInput): Promise<User> {
  const { link, refresh } = session;
  const change = () => link.signIn('password.change', input);
  await link.ready();
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof AuthError && isGuardRefusal(error.data))) throw error;
    await refresh();
    return change();
  }
}
