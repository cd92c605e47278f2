import { createHash, randomBytes } from 'node:crypto';
import type { Model } from 'mongoose';
import type { Clock } from '../clock.js';
import { isDuplicateKey } from '../database/faults.js';
import { one, run } from '../database/queries.js';
import type { LinkPurpose, LinkRecord } from './linkModel.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * How long a link works. A link that resets a password is as powerful as the password, so it ends soon (ASVS 6.4.1).
 * Verification may wait until the mail of a weekend is read.
 */
export const LINK_LIFETIME_MS: Readonly<Record<LinkPurpose, number>> = {
  reset: 30 * MINUTE,
  verification: 3 * DAY,
  emailChange: DAY,
};

/** Tokens that are mailed, to prove that the person reads the address. */
export type Links = ReturnType<typeof createLinks>;

export function createLinks({ model, clock }: { model: Model<LinkRecord>; clock: Clock }) {
  const usable = (token: string, purposes: readonly LinkPurpose[]) => ({
    tokenHash: hashOf(token),
    purpose: { $in: [...purposes] },
    expiresAt: { $gt: new Date(clock()) },
  });
  const replace = ({ _id, ...link }: LinkRecord) =>
    run(model.updateOne({ _id }, { $set: link }, { upsert: true }));

  return {
    /**
     * Makes a token of 256 random bits, URL-safe. It replaces the one that was made for the same user and purpose
     * before.
     */
    async issue({
      userId,
      purpose,
      email,
      epoch,
    }: Pick<LinkRecord, 'userId' | 'purpose' | 'email' | 'epoch'>): Promise<string> {
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
        // Of two first links at once, the second upsert may find the other one just inserted.
        if (!isDuplicateKey(error)) throw error;
        await replace(link);
      }
      return token;
    },

    /** Finds the link of a token, if it has one of these purposes and has not expired. */
    find: (token: string, purposes: readonly LinkPurpose[]): Promise<LinkRecord | undefined> =>
      one(model.findOne(usable(token, purposes))),

    /** Finds the link and removes it; of several calls at once, one gets it. */
    redeem: (token: string, purposes: readonly LinkPurpose[]): Promise<LinkRecord | undefined> =>
      one(model.findOneAndDelete(usable(token, purposes))),

    async removeAll(userId: string): Promise<void> {
      await run(model.deleteMany({ userId }));
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
