import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.js';

const ATTEMPTS = 15;

/**
 * Runs a step of the start that needs the database, and tries again every second if it fails: an app and its
 * database often start together.
 *
 * @throws the last failure, after 15 attempts
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
