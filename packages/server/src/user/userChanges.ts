import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import { withTimeout } from '../database/withTimeout.js';
import type { UserRecord } from './userModel.js';
import { duplicateKey } from './users.js';

/** A mailed link as far as it decides whether a user may still be changed by it. */
export interface LinkBinding {
  readonly userId: string;
  /** The user's `linkEpoch` when it was sent. */
  readonly epoch: number;
}

/**
 * What changes a user who exists: each is one conditional write and answers the user as changed, or
 * `undefined` where the condition did not hold.
 */
export interface UserChanges {
  /**
   * Replaces the password, if neither it nor anything that ends all sessions has come between since the user
   * was `seen`; makes sign-ins under way and mailed links void.
   */
  replacePassword(seen: UserRecord, passwordHash: string): Promise<UserRecord | undefined>;
  /** Sets the password by a link to `email`; makes sign-ins under way and mailed links void. */
  resetPassword(link: LinkBinding & { email: string }, passwordHash: string): Promise<UserRecord | undefined>;
  /** Notes that `email` was shown to be the user's own. */
  verifyEmail(link: LinkBinding & { email: string }): Promise<UserRecord | undefined>;
  /**
   * Gives the user the verified address `email`; makes mailed links void.
   *
   * @throws AuthError EMAIL_TAKEN
   */
  changeEmail(link: LinkBinding & { email: string }): Promise<UserRecord | undefined>;
  /** Replaces the roles; makes sign-ins under way void. */
  setRoles(userId: string, roles: readonly string[]): Promise<UserRecord | undefined>;
  /** Removes the user; whether there was one. */
  remove(userId: string): Promise<boolean>;
}

const VOID_ALL = { signInEpoch: 1, linkEpoch: 1 };

/** Changes of users over a mongoose model. */
export function createUserChanges(model: Model<UserRecord>): UserChanges {
  const change = async (filter: QueryFilter<UserRecord>, update: UpdateQuery<UserRecord>) =>
    (await withTimeout(model.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean().exec())) ??
    undefined;
  const bound = ({ userId, epoch }: LinkBinding) => ({ _id: userId, linkEpoch: epoch });

  return {
    replacePassword: ({ _id, passwordHash: seen, signInEpoch }, passwordHash) =>
      change(
        { _id, passwordHash: seen, signInEpoch, disabledAt: null },
        { $set: { passwordHash }, $inc: VOID_ALL },
      ),
    resetPassword: ({ email, ...link }, passwordHash) =>
      change({ ...bound(link), email }, { $set: { passwordHash }, $inc: VOID_ALL }),
    verifyEmail: ({ email, ...link }) => change({ ...bound(link), email }, { $set: { emailVerified: true } }),
    async changeEmail({ email, ...link }) {
      try {
        return await change(bound(link), { $set: { email, emailVerified: true }, $inc: { linkEpoch: 1 } });
      } catch (error) {
        throw duplicateKey(error) ?? error;
      }
    },
    setRoles: (userId, roles) =>
      change({ _id: userId }, { $set: { roles: [...roles] }, $inc: { signInEpoch: 1 } }),
    remove: async (userId) => (await withTimeout(model.deleteOne({ _id: userId }).exec())).deletedCount === 1,
  };
}
