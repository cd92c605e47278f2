import type { Model } from 'mongoose';
import { readPage } from '../database/readPage.js';
import { withTimeout } from '../database/withTimeout.js';
import type { UserRecord } from './userModel.js';

/** Looks users up for administrators. */
export interface UserDirectory {
  /**
   * Users whose name or e-mail address begins with `search`, by name, from behind `cursor`.
   *
   * @returns one page, and the cursor of the next one if there is more
   */
  list(page: UserQuery): Promise<{ records: readonly UserRecord[]; nextCursor: string | null }>;
  findByUsername(username: string): Promise<UserRecord | undefined>;
}

/** What to list of the users. */
export interface UserQuery {
  readonly search: string;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Sorts behind everything else that begins with the same text. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A directory over a mongoose model. */
export function createUserDirectory(model: Model<UserRecord>): UserDirectory {
  return {
    async list({ search, cursor, limit }) {
      const prefix = search.normalize('NFKC').trim().toLowerCase();
      // A range needs no pattern, so nothing that is typed can become one.
      const within = { $gte: prefix, $lt: prefix + LAST_CHARACTER };
      const matching = prefix === '' ? {} : { $or: [{ usernameKey: within }, { email: within }] };
      const behind = cursor === undefined ? {} : { usernameKey: { $gt: cursor } };
      const page = model.find({ ...behind, ...matching }).sort({ usernameKey: 1 });
      const { records, lastOfMore } = await readPage(limit, (count) =>
        withTimeout(page.limit(count).lean().exec()),
      );
      return { records, nextCursor: lastOfMore?.usernameKey ?? null };
    },
    async findByUsername(username) {
      const query = model.findOne({ usernameKey: username.toLowerCase() });
      return (await withTimeout(query.lean().exec())) ?? undefined;
    },
  };
}
