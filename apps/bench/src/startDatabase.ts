import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MeasuredProcess, startProcess } from './childProcess.js';

export interface BenchDatabase extends AsyncDisposable {
  /** The URI of the database with that name. */
  uri(name: string): string;
  /** Its process. Undefined if MONGODB_URI names a server: its processor time cannot be measured. */
  readonly process: MeasuredProcess | undefined;
}

/** Uses the server that MONGODB_URI names, or starts an embedded one in a new process, on a new folder. */
export async function startDatabase(): Promise<BenchDatabase> {
  const given = process.env.MONGODB_URI;
  if (given !== undefined && given !== '') {
    return { uri: (name) => named(given, name), process: undefined, async [Symbol.asyncDispose]() {} };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  const started = await startProcess('./database.js', { args: [dataDir] });
  return {
    uri: (name) => named(started.address, name),
    process: started,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function named(uri: string, name: string): string {
  const url = new URL(uri);
  url.pathname = `/latchkey_bench_${name}`;
  return url.href;
}
