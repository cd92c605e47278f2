import { AuthError } from '../errors/authError.js';
import type { Limits } from '../limits/limits.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import type { UserRecord } from '../user/userModel.js';

/**
 * Creates the check of the current password of a person who is signed in already. It is limited, so that a stolen
 * session is no way to guess faster.
 */
export function createConfirmPassword({
  hashing,
  limits,
}: {
  hashing: Pick<PasswordHashing, 'verify'>;
  limits: Pick<Limits, 'consume' | 'succeeded'>;
}) {
  /**
   * @param given.field the input's name for the password, beside which a form shows the refusal
   * @throws AuthError INVALID_CREDENTIALS | TOO_MANY_ATTEMPTS
   */
  return async (user: UserRecord, given: { password: string; field: string }): Promise<void> => {
    const attempt = { userId: user._id };
    await limits.consume('password-check', attempt);
    const matches = await hashing.verify(given.password, user.passwordHash);
    if (!matches)
      throw new AuthError('INVALID_CREDENTIALS', {
        fields: { [given.field]: ['This is not your password.'] },
      });
    await limits.succeeded('password-check', attempt);
  };
}

export type ConfirmPassword = ReturnType<typeof createConfirmPassword>;
