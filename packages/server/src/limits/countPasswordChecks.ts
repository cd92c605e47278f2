import type { Users } from '../user/users.js';
import type { Limits } from './limits.js';

/**
 * Users whose current passwords, as somebody who is signed in confirms with them, are limited too: who has stolen a
 * session may guess no more often than who has not. Sign-ins have counters of their own.
 */
export function countPasswordChecks({ users, limits }: { users: Users; limits: Limits }): Users {
  return {
    ...users,
    async hasPassword(user, password) {
      const attempt = { userId: user._id };
      await limits.consume('password-check', attempt);
      const proven = await users.hasPassword(user, password);
      if (proven) await limits.succeeded('password-check', attempt);
      return proven;
    },
  };
}
