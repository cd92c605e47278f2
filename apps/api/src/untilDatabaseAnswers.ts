import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.js';

const ATTEMPTS = 15;

/**
 * Does a step of the start that needs the database, and does it again each second while it fails: an app and
 * its database are often started together, and a database may go away in mid-start.
 *
 * @throws the last failure, after 15 of them
 */
export async function untilDatabaseAnswers<T>(
  log: Pick<Logger, 'warn'>,
  step: () => Promise<T>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
      log.warn({ err: error, attempt }, 'waiting for the database');
      await wait(1_000);
    }
  }
}
