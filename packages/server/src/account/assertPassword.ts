import { AuthError } from '../errors/authError.js';
import type { UserRecord } from '../user/userModel.js';
import type { Users } from '../user/users.js';

/**
 * Demands the password of a user who is signed in already.
 *
 * @param field the input's name for it, beside which a form shows the refusal
 * @throws AuthError INVALID_CREDENTIALS | TOO_MANY_ATTEMPTS
 */
export async function assertPassword(
  users: Pick<Users, 'hasPassword'>,
  user: UserRecord,
  given: { password: string; field: string },
): Promise<void> {
  if (await users.hasPassword(user, given.password)) return;
  throw new AuthError('INVALID_CREDENTIALS', { fields: { [given.field]: ['This is not your password.'] } });
}
