import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** The built server in a separate process. */
export interface ServerProcess extends AsyncDisposable {
  url: string;
  child: ChildProcess;
  /** The lines that it has written so far. */
  output: string[];
  /** Resolves to its exit code. */
  exited: Promise<number | null>;
}

/**
 * Starts `node dist/index.js` and waits for its `listening` line.
 *
 * @param options `preloaded`: source of a module that is loaded before the app, to break something in its process
 */
export async function startServerProcess(
  env: Record<string, string>,
  { preloaded = '' }: { preloaded?: string } = {},
): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-'));
  const preload =
    preloaded === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preloaded)}`];
  const child = spawn(process.execPath, [...preload, ENTRY], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', BCRYPT_COST: '4', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code);
  const output: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => output.push(line));
    createInterface(child.stdout).on('line', (line) => {
      output.push(line);
      if (line.includes('"msg":"listening"')) resolve(JSON.parse(line).port);
    });
    exited.then((code) => reject(new Error(`the server ended with ${code}:\n${output.join('\n')}`)));
  });
  return {
    url: `http://localhost:${port}`,
    child,
    output,
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs `node dist/index.js` until it ends by itself. */
export function runServerProcess(env: Record<string, string>) {
  return run([ENTRY], env);
}

/** Runs `node dist/admin.js`. */
export function runAdminCommand(args: string[], env: Record<string, string>) {
  return run([fileURLToPath(new URL('../../dist/admin.js', import.meta.url)), ...args], env);
}

async function run(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
