import { mongo } from 'mongoose';

/** Longer than any operation of a database that lives, in milliseconds. */
const LIMIT_MS = 5_000;

/**
 * Waits for one database operation, but not for ever. The driver's own limits leave a gap: where the database closes
 * a connection just before a write on it, the driver (7.8) waits for that write without end.
 *
 * @throws MongoOperationTimeoutError when the limit is over, which callers hear as "try again in a moment"
 */
export async function withTimeout<T>(operation: Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new mongo.MongoOperationTimeoutError('The database did not answer in time.'));
    timer = setTimeout(giveUp, limitMs);
  });
  try {
    return await Promise.race([operation, late]);
  } finally {
    clearTimeout(timer);
  }
}
