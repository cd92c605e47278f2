import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type StormPlan, type StormReport, stormReport } from './plan.js';

/** A process that can storm a server, again and again. */
export interface Storm extends AsyncDisposable {
  begin(plan: StormPlan): Promise<void>;
  /** Cuts every sign-in off that is under way. */
  end(): Promise<StormReport>;
}

/** Starts the process; it does nothing until told. */
export async function startStorm(): Promise<Storm> {
  const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), {
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  await answer(child);
  return {
    async begin(plan) {
      child.send(plan);
      await answer(child);
    },
    async end() {
      child.send('stop');
      return stormReport.parse(await answer(child));
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
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
