import { createHash, randomBytes } from 'node:crypto';
import type { Model } from 'mongoose';
import type { Clock } from '../clock.js';
import { isDuplicateKey } from '../database/faults.js';
import { one, run } from '../database/queries.js';
import type { LinkPurpose, LinkRecord } from './linkModel.js';

/** Tokens that are mailed to prove that somebody reads an address. */
export interface Links {
  /**
   * Makes a token; the one sent before to the same user for the same purpose is void from now on.
   *
   * @returns 256 random bits, URL-safe
   */
  issue(link: Pick<LinkRecord, 'userId' | 'purpose' | 'email' | 'epoch'>): Promise<string>;
  /** The link that a token belongs to, if it is for one of these purposes and has not expired. */
  find(token: string, purposes: readonly LinkPurpose[]): Promise<LinkRecord | undefined>;
  /** The same, used up: of several at once one gets it. */
  redeem(token: string, purposes: readonly LinkPurpose[]): Promise<LinkRecord | undefined>;
  /** Removes every link of a user. */
  removeAll(userId: string): Promise<void>;
}

const MINUTE = 60_000;

/**
 * How long a link serves. What resets a password is as good as one, so it ends soon (ASVS 6.4.1); an address may
 * be verified after the weekend's mail has been read.
 */
export const LINK_LIFETIME_MS: Readonly<Record<LinkPurpose, number>> = {
  reset: 30 * MINUTE,
  verification: 3 * 24 * 60 * MINUTE,
  emailChange: 24 * 60 * MINUTE,
};

/** Links over a mongoose model. */
export function createLinks({ model, clock }: { model: Model<LinkRecord>; clock: Clock }): Links {
  const usable = (token: string, purposes: readonly LinkPurpose[]) => ({
    tokenHash: hashOf(token),
    purpose: { $in: [...purposes] },
    expiresAt: { $gt: new Date(clock()) },
  });
  const replace = async ({ _id, ...link }: LinkRecord) => {
    await run(model.updateOne({ _id }, { $set: link }, { upsert: true }));
  };

  return {
    async issue({ userId, purpose, email, epoch }) {
      const token = randomBytes(32).toString('base64url');
      const now = clock();
      const link: LinkRecord = {
        _id: `${userId}:${purpose}`,
        tokenHash: hashOf(token),
        userId,
        purpose,
        email,
        epoch,
        createdAt: new Date(now),
        expiresAt: new Date(now + LINK_LIFETIME_MS[purpose]),
      };
      try {
        await replace(link);
      } catch (error) {
        // Two first links at once: an upsert may find that the other one has just been inserted.
        if (!isDuplicateKey(error)) throw error;
        await replace(link);
      }
      return token;
    },
    find: (token, purposes) => one(model.findOne(usable(token, purposes))),
    redeem: (token, purposes) => one(model.findOneAndDelete(usable(token, purposes))),
    async removeAll(userId) {
      await run(model.deleteMany({ userId }));
    },
  };
}

function hashOf(token: string) {
  return createHash('sha256').update(token).digest('base64url');
}
