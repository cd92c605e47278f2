import type { Connection } from 'mongoose';
import type { Clock } from '../clock.js';
import { withTimeout } from './withTimeout.js';

/** A clock that follows the database's, so that nodes whose own clocks differ agree on every deadline. */
export interface DatabaseClock {
  readonly now: Clock;
  /** Measures the database's clock anew; a failure leaves the last measurement in force. */
  synchronise(): Promise<void>;
}

/**
 * Creates a clock from the node's own by asking the database for its time.
 *
 * The error is at most half of the round trip that measured it.
 */
export function createDatabaseClock(connection: Connection, local: Clock = Date.now): DatabaseClock {
  let offset = 0;
  return {
    now: () => local() + offset,
    async synchronise() {
      const before = local();
      const databaseTime = await readDatabaseTime(connection);
      offset = Math.round(databaseTime - (before + local()) / 2);
    },
  };
}

/** The database's own time, in milliseconds. */
export async function readDatabaseTime(connection: Connection): Promise<number> {
  const { db } = await connection.asPromise();
  if (db === undefined) throw new Error('The mongoose connection has no database.');
  const { localTime } = await withTimeout(db.command({ hello: 1 }));
  if (!(localTime instanceof Date)) throw new Error('The database did not tell its time.');
  return localTime.getTime();
}
