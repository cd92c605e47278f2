import { mongo } from 'mongoose';

/** Longer than any operation of a working database takes, in milliseconds. */
const LIMIT_MS = 5_000;

/**
 * Limits the time of one database operation. The driver's own limits leave a gap: when the database closes a
 * connection just before a write on it, the driver (7.8) waits for that write for ever.
 *
 * @param limitMs in milliseconds
 * @throws MongoOperationTimeoutError after the limit; clients receive SERVICE_UNAVAILABLE
 */
export async function withTimeout<T>(operation: Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new mongo.MongoOperationTimeoutError('The database did not answer in time.')),
      limitMs,
    );
  });
  try {
    return await Promise.race([operation, late]);
  } finally {
    clearTimeout(timer);
  }
}
