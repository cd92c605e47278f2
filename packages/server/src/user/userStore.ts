import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import { emailSchema } from '../contract/index.js';
import { isDuplicateKey } from '../database/faults.js';
import { many, one, run } from '../database/queries.js';
import { readPage } from '../database/readPage.js';
import { withTimeout } from '../database/withTimeout.js';
import { AuthError } from '../errors/authError.js';
import { type UserRecord, usernameKey } from './userModel.js';

/** What makes a mailed link valid for a user. */
export interface LinkBinding {
  readonly userId: string;
  readonly email: string;
  /** The user's `linkEpoch` when it was sent. */
  readonly epoch: number;
}

/** Which users to list. */
export interface UserQuery {
  /** The beginning of a username or an e-mail address. */
  readonly search: string;
  readonly cursor: string | undefined;
  readonly limit: number;
}

type FoundUser = Promise<UserRecord | undefined>;

/** Raising them makes sign-ins under way and mailed links void. */
const VOID_ALL = { signInEpoch: 1, linkEpoch: 1 };

/** Sorts behind everything else that begins with the same text. */
const LAST_CHARACTER = '\u{10FFFF}';

/**
 * Users in the database. Each write is one conditional write; those that answer a user answer it as changed, or
 * `undefined` where the condition did not hold.
 */
export function createUserStore(model: Model<UserRecord>) {
  function change(filter: QueryFilter<UserRecord>, update: UpdateQuery<UserRecord>): FoundUser {
    return one(model.findOneAndUpdate(filter, update, { returnDocument: 'after' }));
  }

  async function update(userId: string, changes: UpdateQuery<UserRecord>): Promise<boolean> {
    const { matchedCount } = await run(model.updateOne({ _id: userId }, changes));
    return matchedCount === 1;
  }

  function findByEmail(email: string): FoundUser {
    return one(model.findOne({ email }));
  }

  function findByUsername(username: string): FoundUser {
    return one(model.findOne({ usernameKey: usernameKey(username) }));
  }

  return {
    find: (userId: string): FoundUser => one(model.findById(userId)),
    findByEmail,
    findByUsername,

    /** Finds a user by what people type at sign-in: a username or an e-mail address. */
    async findByIdentifier(identifier: string): FoundUser {
      if (!identifier.includes('@')) return findByUsername(identifier);
      const email = emailSchema.safeParse(identifier);
      return email.success ? findByEmail(email.data) : undefined;
    },

    /**
     * Stores a new user.
     *
     * @throws AuthError USERNAME_TAKEN | EMAIL_TAKEN
     */
    async insert(record: UserRecord): Promise<void> {
      await withTimeout(model.create(record)).catch(rethrowTaken);
    },

    /**
     * Refuses a name or an address that another user has. The unique indexes decide in the end; this tells it before
     * the costly hash.
     *
     * @throws AuthError USERNAME_TAKEN | EMAIL_TAKEN
     */
    async assertFree({ username, email }: { username: string; email: string }): Promise<void> {
      const key = usernameKey(username);
      const taken = await one(model.findOne({ $or: [{ usernameKey: key }, { email }] }));
      if (taken !== undefined) throw takenError(taken.usernameKey === key ? 'username' : 'email');
    },

    /** Lists users by name, from behind the cursor. */
    async list({ search, cursor, limit }: UserQuery) {
      const prefix = search.normalize('NFKC').trim().toLowerCase();
      // A range needs no pattern, so nothing that is typed can become one.
      const within = { $gte: prefix, $lt: prefix + LAST_CHARACTER };
      const matching = prefix === '' ? {} : { $or: [{ usernameKey: within }, { email: within }] };
      const behind = cursor === undefined ? {} : { usernameKey: { $gt: cursor } };
      const page = model.find({ ...behind, ...matching }).sort({ usernameKey: 1 });
      const { records, lastOfMore } = await readPage(limit, (count) => many(page.limit(count)));
      return { records, nextCursor: lastOfMore?.usernameKey ?? null };
    },

    /** Replaces a hash by a costlier one of the same password. */
    async rehash({ _id, passwordHash: seen }: UserRecord, passwordHash: string): Promise<void> {
      await run(model.updateOne({ _id, passwordHash: seen }, { $set: { passwordHash } }));
    },

    /** Replaces the password, unless it was changed or all sessions were ended since the user was `seen`. */
    replacePassword: ({ _id, passwordHash: seen, signInEpoch }: UserRecord, passwordHash: string) =>
      change(
        { _id, passwordHash: seen, signInEpoch, disabledAt: null },
        { $set: { passwordHash }, $inc: VOID_ALL },
      ),

    /** Sets the password by a mailed link. */
    resetPassword: ({ userId, email, epoch }: LinkBinding, passwordHash: string) =>
      change({ _id: userId, email, linkEpoch: epoch }, { $set: { passwordHash }, $inc: VOID_ALL }),

    /** Marks the address as verified by a mailed link. */
    verifyEmail: ({ userId, email, epoch }: LinkBinding) =>
      change({ _id: userId, email, linkEpoch: epoch }, { $set: { emailVerified: true } }),

    /**
     * Gives the user the verified address of a mailed link; makes mailed links void.
     *
     * @throws AuthError EMAIL_TAKEN
     */
    changeEmail: ({ userId, email, epoch }: LinkBinding) =>
      change(
        { _id: userId, linkEpoch: epoch },
        { $set: { email, emailVerified: true }, $inc: { linkEpoch: 1 } },
      ).catch(rethrowTaken),

    /** Replaces the roles; makes sign-ins under way void. */
    setRoles: (userId: string, roles: readonly string[]) =>
      update(userId, { $set: { roles: [...roles] }, $inc: { signInEpoch: 1 } }),

    /** Makes sign-ins under way void; whether there is such a user. */
    interruptSignIns: (userId: string) => update(userId, { $inc: { signInEpoch: 1 } }),

    /** Refuses sign-ins, also those under way, and mailed links; whether there is such a user. */
    disable: (userId: string, at: Date) => update(userId, { $set: { disabledAt: at }, $inc: VOID_ALL }),

    /** Allows sign-ins; whether there is such a user. */
    enable: (userId: string) => update(userId, { $set: { disabledAt: null }, $unset: { disabling: 1 } }),

    /** Notes that a request is about to disable a user; see `disableUser.ts`. */
    markForDisabling: (userId: string, mark: string) => update(userId, { $push: { disabling: mark } }),
    unmarkForDisabling: (userId: string, mark: string) => update(userId, { $pull: { disabling: mark } }),

    /** Whether another user with the role is neither disabled nor about to be. */
    async hasAnotherWithRole(role: string, userId: string): Promise<boolean> {
      const isStaying = { $or: [{ disabling: { $exists: false } }, { disabling: { $size: 0 } }] };
      const others = { roles: role, disabledAt: null, _id: { $ne: userId }, ...isStaying };
      return (await run(model.countDocuments(others))) > 0;
    },

    /** Removes the user; whether there was one. */
    async remove(userId: string): Promise<boolean> {
      const { deletedCount } = await run(model.deleteOne({ _id: userId }));
      return deletedCount === 1;
    },
  };
}

export type UserStore = ReturnType<typeof createUserStore>;

/** The refusal of a name or an address that another user has. */
export function takenError(field: 'username' | 'email'): AuthError {
  return field === 'email'
    ? new AuthError('EMAIL_TAKEN', { fields: { email: ['This e-mail address is in use.'] } })
    : new AuthError('USERNAME_TAKEN', { fields: { username: ['This username is taken.'] } });
}

function rethrowTaken(error: unknown): never {
  if (!isDuplicateKey(error)) throw error;
  throw takenError('email' in (error.keyPattern ?? {}) ? 'email' : 'username');
}
