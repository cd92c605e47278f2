import type { Connection } from 'mongoose';
import type { Clock } from '../clock.js';
import { withTimeout } from './withTimeout.js';

/** A clock that follows the database's, so that nodes whose own clocks differ agree on every deadline. */
export type DatabaseClock = ReturnType<typeof createDatabaseClock>;

export function createDatabaseClock(connection: Connection, local: Clock = Date.now) {
  let offset = 0;
  return {
    now: (): number => local() + offset,
    /**
     * Measures how far the database's clock is from the local one; the error is at most half of the round trip.
     * If it fails, the last measurement stays.
     */
    async synchronise(): Promise<void> {
      const before = local();
      const databaseTime = await readDatabaseTime(connection);
      offset = Math.round(databaseTime - (before + local()) / 2);
    },
  };
}

/** The database's own time, in milliseconds since the epoch. */
export async function readDatabaseTime(connection: Connection): Promise<number> {
  const { db } = await connection.asPromise();
  if (db === undefined) throw new Error('The mongoose connection has no database.');
  const { localTime } = await withTimeout(db.command({ hello: 1 }));
  if (!(localTime instanceof Date)) throw new Error('The database sent no time.');
  return localTime.getTime();
}
