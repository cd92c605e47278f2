import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Limits } from '../limits/limits.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import { assertHardToGuess, type BreachCheck } from '../password/passwordPolicy.js';
import type { SessionGrant } from '../session/refresh.js';
import { type UserRecord, usernameKey } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import type { CompleteSignIn, SignInRequest } from './completeSignIn.js';

interface RegisterParts {
  readonly users: Pick<UserStore, 'assertFree' | 'insert'>;
  readonly hashing: Pick<PasswordHashing, 'hash'>;
  readonly limits: Pick<Limits, 'consume'>;
  readonly completeSignIn: CompleteSignIn;
  readonly events: AuthEvents;
  readonly clock: Clock;
  readonly appName: string;
  readonly isBreached: BreachCheck | undefined;
}

/** Validated by the contract's schema. */
export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** Creates the use case that creates an account and signs its owner in. */
export function createRegister(parts: RegisterParts) {
  const { users, hashing, limits, completeSignIn, events, clock, appName, isBreached } = parts;

  /**
   * @throws AuthError USERNAME_TAKEN | EMAIL_TAKEN | PASSWORD_TOO_COMMON | TOO_MANY_ATTEMPTS
   */
  return async (
    { username, email, password }: Registration,
    { signal, ...request }: SignInRequest & { signal: AbortSignal | undefined },
  ): Promise<SessionGrant> => {
    const { client } = request;
    await limits.consume('register', { client });
    await assertHardToGuess(password, { context: { username, email, appName }, isBreached });
    await users.assertFree({ username, email });
    const passwordHash = await hashing.hash(password, signal);
    const now = new Date(clock());
    const user: UserRecord = {
      _id: randomBytes(18).toString('base64url'),
      username,
      usernameKey: usernameKey(username),
      email,
      emailVerified: false,
      roles: [],
      passwordHash,
      createdAt: now,
      disabledAt: null,
      signInEpoch: 0,
      linkEpoch: 0,
    };
    await users.insert(user);
    events.emit('user_created', { userId: user._id, client });
    return completeSignIn(user, { verifiedAt: now }, request);
  };
}

export type Register = ReturnType<typeof createRegister>;
