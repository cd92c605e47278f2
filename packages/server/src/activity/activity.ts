import { randomBytes } from 'node:crypto';
import type { Model } from 'mongoose';
import type { ClientInfo } from '../clientInfo.js';
import { isDuplicateKey } from '../database/faults.js';
import { many, run } from '../database/queries.js';
import { readPage } from '../database/readPage.js';
import { withTimeout } from '../database/withTimeout.js';
import type { AuthEvent } from '../events/authEvents.js';
import type { ActivityRecord } from './activityModel.js';

/** What happened to accounts, for the people whose accounts they are. */
export interface Activity {
  /** Keeps an event of a known user; written in the background, a moment later. */
  record(event: AuthEvent, client: ClientInfo | undefined): void;
  /**
   * A person's activity, newest first, from behind `cursor`. Shows all that this node has recorded.
   *
   * @returns one page, and the cursor of the next one if there is more
   */
  list(
    userId: string,
    page: { cursor: string | undefined; limit: number },
  ): Promise<{ records: readonly ActivityRecord[]; nextCursor: string | null }>;
  /** Deletes a person's activity, for good when no events of theirs are recorded any more. */
  forget(userId: string): Promise<void>;
  /** Writes what is pending, gives up on what cannot be written, and ends the retries. */
  stop(): Promise<void>;
}

export interface ActivityOptions {
  readonly model: Model<ActivityRecord>;
  /** How long a record is kept. */
  readonly retentionMs: number;
  readonly onError: (error: unknown) => void;
  /** How many records may wait for the database; 1,000 unless told. */
  readonly maxPending?: number;
}

/** Later than the answer to the request, so that nobody can tell by its time whether something was recorded. */
const WRITE_AFTER_MS = 20;
const RETRY_AFTER_MS = 1_000;

/** What a cursor looks like: the id of the last record of a page. */
export const ACTIVITY_CURSOR = /^[0-9a-z]{24}$/;

/**
 * The activity log of one node: records are gathered for a moment and written together. While the database is
 * away they wait, up to a limit; every failure and every loss is reported.
 */
export function createActivity(options: ActivityOptions): Activity {
  const { model, retentionMs, onError, maxPending = 1_000 } = options;
  // Past mongoose, to its driver: every value has its stored type already.
  const native = model.db.collection<ActivityRecord>(model.collection.collectionName);
  const nextId = createIds();
  let pending: ActivityRecord[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const schedule = (afterMs: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, afterMs).unref();
  };

  const write = async () => {
    const batch = pending;
    pending = [];
    reportLoss();
    try {
      await withTimeout(insertAll(batch));
    } catch (error) {
      onError(error);
      pending = [...batch, ...pending];
      schedule(RETRY_AFTER_MS);
    }
  };

  const insertAll = async (batch: ActivityRecord[]) => {
    try {
      await native.insertMany(batch, { ordered: false });
    } catch (error) {
      // What an earlier try had written, although it was not told so.
      if (!isDuplicateKey(error)) throw error;
    }
  };

  const reportLoss = () => {
    if (lost > 0) onError(new Error(`${lost} records of activity could not be kept.`));
    lost = 0;
  };

  /** Tries once to write all that has been recorded before. */
  const flush = async () => {
    await writing;
    if (pending.length === 0) return;
    writing = write();
    await writing;
  };

  return {
    record({ userId, at, type }, client) {
      if (userId === undefined) return;
      if (pending.length >= maxPending) {
        lost += 1;
        return;
      }
      const time = Date.parse(at);
      const expiresAt = new Date(time + retentionMs);
      const _id = nextId(time);
      pending.push({ _id, userId, at: new Date(time), type, client: client ?? null, expiresAt });
      schedule(WRITE_AFTER_MS);
    },

    async list(userId, { cursor, limit }) {
      await flush();
      const older = cursor === undefined ? {} : { _id: { $lt: cursor } };
      const page = model.find({ userId, ...older }).sort({ _id: -1 });
      const { records, lastOfMore } = await readPage(limit, (count) => many(page.limit(count)));
      return { records, nextCursor: lastOfMore?._id ?? null };
    },

    async forget(userId) {
      pending = pending.filter((record) => record.userId !== userId);
      await writing;
      await run(model.deleteMany({ userId }));
    },

    async stop() {
      await flush();
      clearTimeout(timer);
      timer = undefined;
      lost += pending.length;
      pending = [];
      reportLoss();
    },
  };
}

/** Ids of 24 characters that sort by time, then by the order in which this node made them. */
function createIds(): (time: number) => string {
  let count = 0;
  return (time) => {
    count = (count + 1) % 36 ** 3;
    const random = randomBytes(6).toString('hex');
    return `${base36(time, 9)}${base36(count, 3)}${random}`;
  };
}

function base36(value: number, length: number) {
  return value.toString(36).padStart(length, '0');
}
