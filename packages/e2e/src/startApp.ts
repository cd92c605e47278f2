import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface RunningAppOptions {
  /** The built module to run. */
  readonly main: URL;
  /** Other files that must have been built. */
  readonly needs?: readonly URL[];
  /** The app's environment, beside `PORT` and `DATA_DIR`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An app in a separate process, with its own data. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  /** Kills the process, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again with the same port and data. */
  restart(): Promise<void>;
  /** Runs another built module in the same environment until it ends. */
  runBeside(module: URL, ...args: readonly string[]): Promise<void>;
}

/** Starts a built server and waits for its log line `listening`. */
export async function startApp({ main, needs = [], env = {} }: RunningAppOptions): Promise<RunningApp> {
  for (const built of [main, ...needs])
    await access(built).catch(() => {
      throw new Error(`${fileURLToPath(built)} is missing; run turbo run build first`);
    });
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-e2e-'));
  const port = await freePort();
  const settings = { DATA_DIR: dataDir, ...env, PORT: String(port) };
  const start = async () => {
    const started = run(main, settings);
    await listening(started);
    return started;
  };
  let child = await start();

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };

  return {
    url: `http://localhost:${port}`,
    kill: () => end('SIGKILL'),
    restart: async () => {
      child = await start();
    },
    runBeside: async (module, ...args) => {
      const environment = { PATH: process.env.PATH, ...settings };
      await promisify(execFile)(process.execPath, [fileURLToPath(module), ...args], { env: environment });
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (!address || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function run(main: URL, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(main)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('{') && JSON.parse(line).msg === 'listening') resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}:\n${lines.join('\n')}`)));
  });
}
