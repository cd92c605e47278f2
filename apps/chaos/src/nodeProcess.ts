import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a process is started, each time anew. */
export interface NodeProcessOptions {
  readonly name: string;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether a line of its output says that it serves. */
  readonly isReady: (line: string) => boolean;
  readonly onLine: (line: string) => void;
  /** Hears of an end that nobody asked for. */
  readonly onProblem: (problem: string) => void;
}

/** A process that is killed and started again. */
export interface NodeProcess {
  /** Resolves when it serves, or when it was killed before it did. */
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Creates a {@link NodeProcess}, not yet started. */
export function createNodeProcess(options: NodeProcessOptions): NodeProcess {
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();

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

  const kill = async () => {
    const victim = child;
    child = undefined;
    victim?.kill('SIGKILL');
    await exited;
  };

  return { start, kill };
}
