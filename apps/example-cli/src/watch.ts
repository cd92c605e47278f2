import { setTimeout as sleep } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import type { Connection } from './connect.js';

/** How often to call, and where to say what came of it. */
export interface WatchOptions {
  readonly everyMs: number;
  readonly print: (line: string) => void;
}

/**
 * Asks the server again and again who is signed in. Tokens end meanwhile, servers restart; it goes on until the person
 * is signed out.
 *
 * @throws {TRPCClientError} when the server says that nobody is signed in any more
 */
export async function watch({ trpc }: Connection, { everyMs, print }: WatchOptions): Promise<never> {
  for (;;) {
    print(await trpc.auth.me.query().then(({ username }) => username, toLine));
    await sleep(everyMs);
  }
}

/** Without `data`, or with a 5xx, the error says nothing about the person: the next call may fare better. */
function toLine(error: unknown): string {
  const isAnswer = error instanceof TRPCClientError && error.data && error.data.httpStatus < 500;
  if (isAnswer || !(error instanceof TRPCClientError)) throw error;
  return 'no answer';
}
