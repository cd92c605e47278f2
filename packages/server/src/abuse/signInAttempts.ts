import { AuthError } from '../errors.js';
import type { AuthEvents } from '../events.js';
import type { UserRecord } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import type { Limits } from './limits.js';

/** So many failures before a success are worth telling the owner of. */
const SUSPICIOUS_FAILURES = 3;

/** A sign-in attempt, counted before anything is looked up or computed for it. */
export type AuthenticateAttempt = (
  input: { identifier: string; password: string },
  from: { ip: string; signal: AbortSignal | undefined },
) => Promise<UserRecord>;

/**
 * Sign-in within limits: by address, then by account, then the password.
 *
 * A name that nobody has is counted, locked and answered as a user is, so that no refusal tells which it was.
 */
export function createSignInAttempts(options: {
  users: Pick<Users, 'authenticate'>;
  limits: Limits;
  events: AuthEvents;
}): AuthenticateAttempt {
  const { users, limits, events } = options;

  return async (input, { ip: address, signal }) => {
    let failures = 0;
    const admit = async (userId: string | undefined) => {
      failures = await limits.consume('login', { address, userId, name: input.identifier }, 'account');
    };
    try {
      await limits.consume('login', { address }, 'address');
      const user = await users.authenticate(input, { admit, signal });
      await limits.succeeded('login', { address, userId: user._id });
      announceSuccess(user._id, { address, failures });
      return user;
    } catch (error) {
      if (error instanceof AuthError) events.emit('authn_login_fail', { ip: address, detail: error.reason });
      throw error;
    }
  };

  function announceSuccess(userId: string, { address, failures }: { address: string; failures: number }) {
    events.emit('authn_login_success', { userId, ip: address });
    if (failures < SUSPICIOUS_FAILURES) return;
    events.emit('authn_login_successafterfail', { userId, ip: address, detail: `after ${failures}` });
  }
}
