import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Another process of the benchmark. */
export interface MeasuredProcess extends AsyncDisposable {
  /** The address where it listens. */
  readonly address: string;
  /** The processor time it has used, user and system, in microseconds. */
  cpuTime(): Promise<number>;
}

const startedMessage = z.object({ address: z.string() });
const cpuMessage = z.object({ cpuTime: z.number() });

/**
 * Starts a module of this package in a new process.
 *
 * @param module its path, relative to this file's folder
 */
export async function startProcess(
  module: string,
  options: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<MeasuredProcess> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), options.args ?? [], {
    env: { ...process.env, ...options.env, NODE_ENV: 'production' },
    // Only the report goes to stdout.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const { address } = startedMessage.parse(await nextMessage(child, module));
  return {
    address,
    async cpuTime() {
      const message = nextMessage(child, module);
      child.send('cpuTime');
      return cpuMessage.parse(await message).cpuTime;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** In the child: sends its address to the parent, reports processor time on request, and ends with the parent. */
export function reportToParent(address: string, stop: () => Promise<void> = async () => {}): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuTime: user + system });
  });
  process.once('disconnect', async () => {
    await stop();
    process.exit(0);
  });
  process.send?.({ address });
}

function nextMessage(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${name} ended with exit code ${code}.`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}
