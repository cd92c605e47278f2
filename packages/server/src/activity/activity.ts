import { randomBytes } from 'node:crypto';
import type { Model } from 'mongoose';
import type { ClientInfo } from '../clientInfo.js';
import { isDuplicateKey } from '../database/faults.js';
import { many, run } from '../database/queries.js';
import { readPage } from '../database/readPage.js';
import { withTimeout } from '../database/withTimeout.js';
import type { AuthEvent } from '../events/authEvents.js';
import type { ActivityRecord } from './activityModel.js';

/** Later than the answer to the request, whose time must not tell whether an event was recorded. */
const WRITE_AFTER_MS = 20;
const RETRY_AFTER_MS = 1_000;

/** A cursor is the id of the last record of a page. */
export const ACTIVITY_CURSOR = /^[0-9a-z]{24}$/;

/**
 * The activity log of one node. Records are collected for a moment and written together. While the database cannot
 * be reached they wait, up to a limit; every failure and every loss is reported.
 */
export type Activity = ReturnType<typeof createActivity>;

export function createActivity(options: {
  model: Model<ActivityRecord>;
  /** How long a record is kept. */
  retentionMs: number;
  onError: (error: unknown) => void;
  /**
   * How many records may wait for the database.
   *
   * @default 1_000
   */
  maxPending?: number;
}) {
  const { model, retentionMs, onError, maxPending = 1_000 } = options;
  // The driver's collection, since mongoose has nothing to cast: every value has its stored type already.
  const native = model.db.collection<ActivityRecord>(model.collection.collectionName);
  const nextId = createIds();
  let pending: ActivityRecord[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  function schedule(afterMs: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, afterMs).unref();
  }

  async function write(): Promise<void> {
    const batch = pending;
    pending = [];
    reportLoss();
    try {
      await withTimeout(native.insertMany(batch, { ordered: false }));
    } catch (error) {
      // An earlier attempt was written although its answer was lost.
      if (isDuplicateKey(error)) return;
      onError(error);
      pending = [...batch, ...pending];
      schedule(RETRY_AFTER_MS);
    }
  }

  function reportLoss(): void {
    if (lost > 0) onError(new Error(`${lost} records of activity could not be kept.`));
    lost = 0;
  }

  /** Tries once to write everything recorded so far. */
  async function flush(): Promise<void> {
    await writing;
    if (pending.length === 0) return;
    writing = write();
    await writing;
  }

  return {
    /** Keeps an event of a known user; it is written in the background, a moment later. */
    record({ userId, at, type }: AuthEvent, client: ClientInfo | undefined): void {
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

    /**
     * Reads one page of a person's activity after `cursor`, newest first, with everything that this node has recorded.
     *
     * @returns the page, and the cursor of the next one, `null` after the last
     */
    async list(
      userId: string,
      { cursor, limit }: { cursor: string | undefined; limit: number },
    ): Promise<{ records: readonly ActivityRecord[]; nextCursor: string | null }> {
      await flush();
      const older = cursor === undefined ? {} : { _id: { $lt: cursor } };
      const page = model.find({ userId, ...older }).sort({ _id: -1 });
      const { records, lastOfMore } = await readPage(limit, (count) => many(page.limit(count)));
      return { records, nextCursor: lastOfMore?._id ?? null };
    },

    /** Deletes a person's activity. Events of theirs that are recorded later are kept again. */
    async forget(userId: string): Promise<void> {
      pending = pending.filter((record) => record.userId !== userId);
      await writing;
      await run(model.deleteMany({ userId }));
    },

    /** Writes what is pending, gives up what cannot be written, and ends the retries. */
    async stop(): Promise<void> {
      await flush();
      clearTimeout(timer);
      timer = undefined;
      lost += pending.length;
      pending = [];
      reportLoss();
    },
  };
}

/** Makes ids of 24 characters that sort by time, then by the order in which this node made them. */
function createIds() {
  let count = 0;
  return (time: number): string => {
    count = (count + 1) % 36 ** 3;
    const random = randomBytes(6).toString('hex');
    return `${base36(time, 9)}${base36(count, 3)}${random}`;
  };
}

function base36(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}
