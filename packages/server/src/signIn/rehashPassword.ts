import { AuthError } from '../errors/authError.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import type { UserRecord } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';

interface RehashParts {
  readonly users: Pick<UserStore, 'rehash'>;
  readonly hashing: Pick<PasswordHashing, 'hash' | 'isOutdated'>;
}

/** Replaces a password's hash that was made at a lower cost. When hashing is busy, the next sign-in can do it. */
export async function rehashPassword(
  { users, hashing }: RehashParts,
  user: UserRecord,
  password: string,
): Promise<void> {
  if (!hashing.isOutdated(user.passwordHash)) return;
  try {
    await users.rehash(user, await hashing.hash(password));
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
  }
}
