import { open } from 'lmdb';
import { CommandError } from '../errors.js';

/** A half-open range of keys, `lower ≤ key < upper`. */
export interface KeyRange {
  lower: Buffer;
  upper: Buffer;
}

/** Ordered bytes on disk. Call `put` and `remove` only in jobs given to `write`; reads are allowed anywhere. */
export type Store = ReturnType<typeof openStore>;

// This reserves address space only; the file grows with its content.
const MAP_BYTES = 2 ** 36;

// The limit of lmdb with pages of 4 kB.
const MAX_KEY_BYTES = 1978;

/** Refuses a key that is too long to store. Call it before a write changes anything. */
export function checkKeyLength(key: Buffer): void {
  if (key.length <= MAX_KEY_BYTES) return;
  throw new CommandError(
    'KeyTooLong',
    `A key of ${key.length} bytes exceeds the limit of ${MAX_KEY_BYTES} for _id and indexed values`,
  );
}

/** Opens (or creates) the store in the folder `path`. With `sync: false` a loss of power may damage it. */
export function openStore({ path, sync }: { path: string; sync: boolean }) {
  const db = open<Buffer, Buffer>({
    path,
    noSubdir: false,
    keyEncoding: 'binary',
    encoding: 'binary',
    mapSize: process.platform === 'win32' ? 2 ** 30 : MAP_BYTES,
    noSync: !sync,
  });
  return {
    get: (key: Buffer): Buffer | undefined => db.get(key),
    entries: ({ lower, upper }: KeyRange, reverse = false): Iterable<{ key: Buffer; value: Buffer }> =>
      reverse
        ? db.getRange({
            start: upper,
            exclusiveStart: true,
            end: lower,
            inclusiveEnd: true,
            reverse,
            snapshot: false,
          })
        : db.getRange({ start: lower, end: upper, snapshot: false }),
    put: (key: Buffer, value: Buffer) => void db.putSync(key, value),
    remove: (key: Buffer) => void db.removeSync(key),
    /** Runs a job as one transaction: it is applied wholly, or not at all when it throws. Resolves once durable. */
    write: groupCommit((job) => void db.transactionSync(job)),
    close: () => db.close(),
  };
}

interface Write {
  job: () => void;
  resolve: () => void;
  reject: (cause: unknown) => void;
}

/**
 * Collects the jobs of one turn of the event loop, so that they share one flush to disk. Each job runs in a nested
 * transaction, so that a failure undoes that job only.
 */
function groupCommit(transaction: (job: () => void) => void) {
  let waiting: Write[] = [];
  const commit = () => {
    const group = waiting;
    waiting = [];
    const settle: (() => void)[] = [];
    const runAll = () => {
      for (const { job, resolve, reject } of group) {
        try {
          transaction(job);
          settle.push(resolve);
        } catch (cause) {
          settle.push(() => reject(cause));
        }
      }
    };
    try {
      transaction(runAll);
      for (const done of settle) done();
    } catch (cause) {
      for (const { reject } of group) reject(cause);
    }
  };
  return <T>(job: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commit);
      let resolveWithResult = () => {};
      const run = () => {
        const result = job();
        resolveWithResult = () => resolve(result);
      };
      waiting.push({ job: run, resolve: () => resolveWithResult(), reject });
    });
}
