import { mongo } from 'mongoose';

/** MongoDB's error codes for a server that shuts down, steps down, is unreachable or timed out. */
const UNAVAILABLE_CODES: ReadonlySet<unknown> = new Set([
  6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

const UNAVAILABLE_NAMES: ReadonlySet<string> = new Set([
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoOperationTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MongoExpiredSessionError',
]);

const DUPLICATE_KEY = 11000;

/** Whether a unique index refused a write, or in a bulk write every document that was refused. */
export function isDuplicateKey(error: unknown): error is mongo.MongoServerError {
  if (!(error instanceof mongo.MongoServerError)) return false;
  const failures = error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [error];
  return failures.length > 0 && failures.every(({ code }) => code === DUPLICATE_KEY);
}

/** Whether an error means that the database cannot be reached, rather than that it refused something. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof mongo.MongoNetworkError || error instanceof mongo.MongoServerSelectionError)
    return true;
  if (error instanceof mongo.MongoServerError) return UNAVAILABLE_CODES.has(error.code);
  // The driver passes on Node's own error if the database closed the socket just before a write.
  if ('code' in error && error.code === 'EPIPE') return true;
  return UNAVAILABLE_NAMES.has(error.name) || /buffering timed out|initial connection/.test(error.message);
}
