import { randomBytes } from 'node:crypto';
import { type Model, mongo, type UpdateQuery } from 'mongoose';
import type { Clock } from '../clock.js';
import { emailSchema } from '../contract/index.js';
import { withTimeout } from '../database/withTimeout.js';
import { AuthError } from '../errors/authError.js';
import type { HashingPlace, PasswordHashing } from '../password/passwordHashing.js';
import { assertHardToGuess, type BreachCheck } from '../password/passwordPolicy.js';
import type { UserRecord } from './userModel.js';

/** What {@link Users.authenticate} asks and heeds meanwhile. */
export interface AuthenticateOptions {
  /**
   * Asked before the password is looked at, with the id of the user if there is one; what it throws is the answer.
   */
  admit?(userId: string | undefined): Promise<void>;
  /** A place for the check, if one is held already. */
  place?: HashingPlace | undefined;
  /** Aborts when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
}

/** Creates users and tells who somebody is. */
export interface Users {
  /**
   * Creates a user from validated input.
   *
   * @throws AuthError USERNAME_TAKEN | EMAIL_TAKEN | PASSWORD_TOO_COMMON | TOO_MANY_ATTEMPTS
   */
  create(
    input: { username: string; email: string; password: string },
    options?: Pick<AuthenticateOptions, 'signal'>,
  ): Promise<UserRecord>;
  /**
   * Finds the user whose name or e-mail address and password these are.
   *
   * @throws AuthError INVALID_CREDENTIALS, alike for an unknown name and a wrong password, or
   *   ACCOUNT_DISABLED, told only to who knows the password, or TOO_MANY_ATTEMPTS
   */
  authenticate(
    input: { identifier: string; password: string },
    options?: AuthenticateOptions,
  ): Promise<UserRecord>;
  find(userId: string): Promise<UserRecord | undefined>;
  findByEmail(email: string): Promise<UserRecord | undefined>;
  /** Whether this is the password of a user who is known already. */
  hasPassword(user: UserRecord, password: string): Promise<boolean>;
  /** Makes every sign-in under way leave no session behind; whether there is such a user. */
  interruptSignIns(userId: string): Promise<boolean>;
  /** Refuses sign-ins from now on, those under way too; whether there is such a user. */
  disable(userId: string): Promise<boolean>;
  /** Allows sign-ins again; whether there is such a user. */
  enable(userId: string): Promise<boolean>;
}

export interface UsersOptions {
  readonly model: Model<UserRecord>;
  readonly hashing: PasswordHashing;
  readonly appName: string;
  readonly isBreached?: BreachCheck | undefined;
  readonly clock: Clock;
}

/** Users over a mongoose model. */
export function createUsers({ model, hashing, appName, isBreached, clock }: UsersOptions): Users {
  const findByIdentifier = (identifier: string) => {
    if (!identifier.includes('@')) return model.findOne({ usernameKey: usernameKey(identifier) });
    const email = emailSchema.safeParse(identifier);
    return email.success ? model.findOne({ email: email.data }) : undefined;
  };

  const update = async (userId: string, change: UpdateQuery<UserRecord>) =>
    (await withTimeout(model.updateOne({ _id: userId }, change).exec())).matchedCount === 1;
  const find = async (userId: string) =>
    (await withTimeout(model.findById(userId).lean().exec())) ?? undefined;

  const rehash = async (user: UserRecord, password: string) => {
    const passwordHash = await hashing.hash(password).catch(ignoreFullQueue);
    if (passwordHash === undefined) return;
    const seen = { _id: user._id, passwordHash: user.passwordHash };
    await withTimeout(model.updateOne(seen, { $set: { passwordHash } }).exec());
  };

  return {
    async create({ username, email, password }, { signal } = {}) {
      await assertHardToGuess(password, { context: { username, email, appName }, isBreached });
      // Told before the costly hash where possible; the unique indexes have the last word.
      const key = usernameKey(username);
      const same = { $or: [{ usernameKey: key }, { email }] };
      const taken = await withTimeout(model.findOne(same).lean().exec());
      if (taken !== null) throw takenError(taken.usernameKey === key ? 'usernameKey' : 'email');
      const record: UserRecord = {
        _id: randomBytes(18).toString('base64url'),
        username,
        usernameKey: key,
        email,
        emailVerified: false,
        roles: [],
        passwordHash: await hashing.hash(password, signal),
        createdAt: new Date(clock()),
        disabledAt: null,
        signInEpoch: 0,
        linkEpoch: 0,
      };
      try {
        await withTimeout(model.create(record));
      } catch (error) {
        throw duplicateKey(error) ?? error;
      }
      return record;
    },

    async authenticate({ identifier, password }, { admit, place, signal } = {}) {
      const query = findByIdentifier(identifier);
      const user = (query && (await withTimeout(query.lean().exec()))) ?? undefined;
      await admit?.(user?._id);
      const proven = await (place ?? hashing).verify(password, user?.passwordHash, signal);
      const about = { userId: user?._id };
      if (user === undefined || !proven) throw new AuthError('INVALID_CREDENTIALS', { about });
      if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED', { about });
      if (hashing.isOutdated(user.passwordHash)) await rehash(user, password);
      return user;
    },

    find,
    findByEmail: async (email) => (await withTimeout(model.findOne({ email }).lean().exec())) ?? undefined,
    hasPassword: (user, password) => hashing.verify(password, user.passwordHash),

    interruptSignIns: (userId) => update(userId, { $inc: { signInEpoch: 1 } }),
    disable: (userId) =>
      update(userId, {
        $set: { disabledAt: new Date(clock()) },
        $inc: { signInEpoch: 1, linkEpoch: 1 },
      }),
    enable: (userId) => update(userId, { $set: { disabledAt: null }, $unset: { disabling: 1 } }),
  };
}

/** The password was right: when hashing is busy, the next sign-in can rehash it as well. */
function ignoreFullQueue(error: unknown): undefined {
  if (!(error instanceof AuthError)) throw error;
}

const usernameKey = (username: string) => username.toLowerCase();

/** A refusal of a name or an address that another user has. */
export function takenError(field: 'usernameKey' | 'email'): AuthError {
  return field === 'email'
    ? new AuthError('EMAIL_TAKEN', { fields: { email: ['This e-mail address is in use.'] } })
    : new AuthError('USERNAME_TAKEN', { fields: { username: ['This username is taken.'] } });
}

/** What a unique index of users refused, in Latchkey's words; `undefined` for any other error. */
export function duplicateKey(error: unknown): AuthError | undefined {
  if (!(error instanceof mongo.MongoServerError) || error.code !== 11000) return undefined;
  return takenError('email' in (error.keyPattern ?? {}) ? 'email' : 'usernameKey');
}
