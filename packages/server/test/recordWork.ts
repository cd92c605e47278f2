import { Worker } from 'node:worker_threads';
import bcrypt from 'bcrypt';
import type { mongo } from 'mongoose';
import { vi } from 'vitest';
import { type HashingJob, runHashingJob } from '../src/password/hashingJob.js';
import type { TestDatabase } from './testDatabase.js';

/** Collections that are written in the background, after the answer. */
const BACKGROUND = ['latchkey_activity'];

/**
 * Records what the server does between a request and its answer, in order: database commands as
 * `find latchkey_users`, hashing as `bcrypt 128`, its number of rounds.
 *
 * The servers on the connection must not poll meanwhile.
 */
export async function recordWork(
  { connection }: TestDatabase,
  request: () => Promise<unknown>,
): Promise<string[]> {
  const steps: (string | HashingJob)[] = [];
  const onCommand = ({ commandName, command }: mongo.CommandStartedEvent) => {
    const collection = String(command[commandName]);
    if (!BACKGROUND.includes(collection)) steps.push(`${commandName} ${collection}`);
  };
  const { postMessage } = Worker.prototype;
  const posted = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, job) {
    steps.push(job);
    postMessage.call(this, job);
  });
  const client = connection.getClient().on('commandStarted', onCommand);
  try {
    await request();
  } finally {
    client.off('commandStarted', onCommand);
    posted.mockRestore();
  }
  return steps.map((step) => (typeof step === 'string' ? step : `bcrypt ${roundsOf(step)}`));
}

/** Does a hashing job again, here, and counts the rounds of bcrypt that it takes. */
function roundsOf(job: HashingJob): number {
  const hash = vi.spyOn(bcrypt, 'hashSync');
  const compare = vi.spyOn(bcrypt, 'compareSync');
  try {
    runHashingJob(job);
    const costs = [
      ...hash.mock.calls.map(([, cost]) => Number(cost)),
      ...compare.mock.calls.map(([, existing]) => bcrypt.getRounds(existing)),
    ];
    return costs.reduce((sum, cost) => sum + 2 ** cost, 0);
  } finally {
    hash.mockRestore();
    compare.mockRestore();
  }
}
