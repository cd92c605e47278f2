import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface NodeProcessOptions {
  readonly name: string;
  /** The arguments of `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether a line of its output reports that it serves. */
  readonly isReady: (line: string) => boolean;
  readonly onLine: (line: string) => void;
  /** Is called when the process ends without being killed. */
  readonly onProblem: (problem: string) => void;
}

export type NodeProcess = ReturnType<typeof createNodeProcess>;

/** Creates a process that can be killed and started again. It is not started yet. */
export function createNodeProcess(options: NodeProcessOptions) {
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();

  /** Resolves when the process serves, or was killed before. */
  const start = async () => {
    const started = spawn(process.execPath, options.args, {
      env: { PATH: process.env.PATH, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const lastLines: string[] = [];
    const read = (line: string) => {
      lastLines.push(line);
      if (lastLines.length > 5) lastLines.shift();
      options.onLine(line);
    };
    exited = once(started, 'exit').then(([code]) => {
      if (child === started)
        options.onProblem(`${options.name} ended with ${code}:\n${lastLines.join('\n')}`);
    });
    createInterface(started.stderr).on('line', read);
    const ready = new Promise<void>((resolve) => {
      createInterface(started.stdout).on('line', (line) => {
        read(line);
        if (options.isReady(line)) resolve();
      });
    });
    await Promise.race([ready, exited]);
  };

  /** Sends SIGKILL. Resolves when the process has ended. */
  const kill = async () => {
    const victim = child;
    child = undefined;
    victim?.kill('SIGKILL');
    await exited;
  };

  return { start, kill };
}
