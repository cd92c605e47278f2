import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../../../packages/mongo-embedded/dist/cli.js', import.meta.url));

/** The database in a separate process, as `npm run db` starts it. */
export interface DatabaseProcess extends AsyncDisposable {
  /** The same after a restart. */
  uri: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Restarts it after a kill. */
  start(): Promise<void>;
}

/** Starts the built database with a separate data folder. */
export async function startDatabaseProcess(): Promise<DatabaseProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-db-'));
  let child: ChildProcess | undefined;
  const run = async () => {
    const started = spawn(process.execPath, [ENTRY], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const [uri] = await once(createInterface(started.stdout), 'line');
    return `${uri}latchkey`;
  };
  const kill = async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    uri: await run(),
    kill,
    start: async () => void (await run()),
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
