import { AuthError } from './authError.js';
import { isGuardRefusal } from './refusals.js';
import type { Session } from './sessionTypes.js';
import type { ChangePasswordInput, User } from './wire.js';

/**
 * Changes the password of the person signed in. The server begins a new session for it, which is taken over as a
 * sign-in's is: the person stays the same, other tabs go on with it.
 *
 * @throws {AuthError} with `data.reason` and `data.fields` for the form
 */
export const changePassword = async (
  { link, refresh }: Session,
  input: ChangePasswordInput,
): Promise<User> => {
  const change = () => link.signIn('password.change', input);
  await link.ready();
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof AuthError && isGuardRefusal(error.data))) throw error;
    await refresh();
    return change();
  }
};
