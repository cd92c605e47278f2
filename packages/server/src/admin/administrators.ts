import { randomUUID } from 'node:crypto';
import type { Model } from 'mongoose';
import { withTimeout } from '../database/withTimeout.js';
import type { UserRecord } from '../user/userModel.js';

/** The role that the `admin` procedures ask for. */
export const ADMIN_ROLE = 'admin';

const ROLE = /^[\w:-]{1,32}$/;

/**
 * Refuses names of roles that would not do in a token or a log.
 *
 * @throws Error
 */
export function assertRoles(roles: readonly string[]): void {
  if (roles.every((role) => ROLE.test(role))) return;
  throw new Error('A role must be 1 to 32 of letters, digits, "_", "-" and ":".');
}

/** Sees to it that an administrator is left. */
export interface Administrators {
  /**
   * Takes an administrator out of those that are counted on, unless no other is left: to be asked before one is
   * disabled. Whether it did.
   */
  spare(userId: string): Promise<boolean>;
}

/**
 * Administrators over a mongoose model.
 *
 * Each request first notes its intention in the record and counts afterwards, leaving out all who are intended
 * for. Of several administrators being disabled at once the last to be noted therefore sees that nobody is
 * left, and is refused. After a crash in between, the intention remains: it makes others' refusals more likely
 * and never less, until the same is done again or the person is enabled.
 */
export function createAdministrators(model: Model<UserRecord>): Administrators {
  const countedOn = {
    roles: ADMIN_ROLE,
    disabledAt: null,
    $or: [{ disabling: { $exists: false } }, { disabling: { $size: 0 } }],
  };
  return {
    async spare(userId) {
      const intention = randomUUID();
      await withTimeout(model.updateOne({ _id: userId }, { $push: { disabling: intention } }).exec());
      const others = await withTimeout(model.countDocuments({ ...countedOn, _id: { $ne: userId } }).exec());
      if (others > 0) return true;
      await withTimeout(model.updateOne({ _id: userId }, { $pull: { disabling: intention } }).exec());
      return false;
    },
  };
}
