import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../../api/dist/index.js', import.meta.url));
const adminCommand = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url));
const page = fileURLToPath(new URL('../dist/index.html', import.meta.url));

/** A running server app, built, with data of its own. */
export interface Api extends AsyncDisposable {
  readonly url: string;
  /** Ends the process as a crash does, with no chance to finish anything. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. */
  restart(): Promise<void>;
  /** Makes somebody an administrator from their next sign-in on, as `npm run admin` does. */
  makeAdmin(username: string): Promise<void>;
}

/** Starts the built server app, which serves the built web app; `env` is laid over the test's settings. */
export const startApi = async (env: Record<string, string> = {}): Promise<Api> => {
  for (const built of [main, page])
    await access(built).catch(() => {
      throw new Error(`${built} is missing: build first`);
    });
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-e2e-'));
  const settings = {
    NODE_ENV: 'test',
    BCRYPT_COST: '4',
    ACCESS_TOKEN_EXPIRY: '3s',
    DATA_DIR: dataDir,
    ...env,
  };
  let child = run(settings);
  const port = await listening(child);

  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  return {
    url: `http://localhost:${port}`,
    kill,
    restart: async () => {
      child = run({ ...settings, PORT: String(port) });
      await listening(child);
    },
    makeAdmin: async (username) => {
      const env = { PATH: process.env.PATH, ...settings };
      await promisify(execFile)(process.execPath, [adminCommand, username], { env });
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

const run = (env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Resolves to the port once the process says that it listens. */
const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const port = portOf(line);
        if (port) resolve(port);
      });
    }
    child.once('exit', (code) => reject(new Error(`the api ended with ${code}:\n${said.join('\n')}`)));
  });

const portOf = (line: string): number | undefined => {
  if (!line.startsWith('{')) return undefined;
  const entry = JSON.parse(line);
  return entry.msg === 'listening' ? entry.port : undefined;
};
