import { setTimeout as sleep } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import type { Connection } from './connect.js';

export interface WatchOptions {
  readonly everyMs: number;
  readonly print: (line: string) => void;
}

/**
 * Asks the server repeatedly who is signed in, through token expiries and server restarts, until the session ends.
 *
 * @throws {TRPCClientError} when the session has ended
 */
export async function watch({ trpc }: Connection, { everyMs, print }: WatchOptions): Promise<never> {
  for (;;) {
    print(await trpc.auth.me.query().then(({ username }) => username, toLine));
    await sleep(everyMs);
  }
}

/** An error without `data`, or with a 5xx, says nothing about the session: the next call may succeed. */
function toLine(error: unknown): string {
  const isAnswer = error instanceof TRPCClientError && error.data && error.data.httpStatus < 500;
  if (isAnswer || !(error instanceof TRPCClientError)) throw error;
  return 'no answer';
}
