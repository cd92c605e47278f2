import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type StormPlan, type StormReport, stormReport } from './plan.js';

export type Storm = Awaited<ReturnType<typeof startStorm>>;

/** Starts a process that can storm a server, again and again. It waits for `begin`. */
export async function startStorm() {
  const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), {
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  await nextMessage(child);
  return {
    async begin(plan: StormPlan) {
      child.send(plan);
      await nextMessage(child);
    },
    /** Ends the storm. Cuts off the sign-ins in flight. */
    async end(): Promise<StormReport> {
      child.send('stop');
      return stormReport.parse(await nextMessage(child));
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The storm ended with exit code ${code}.`);
  });
  try {
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    stop.abort();
    ended.catch(() => {});
  }
}
