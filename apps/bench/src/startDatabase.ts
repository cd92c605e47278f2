import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MeasuredProcess, startProcess } from './childProcess.js';

/** The database of a run. */
export interface BenchDatabase extends AsyncDisposable {
  /** The URI of one of its databases. */
  uri(name: string): string;
  /** Its process, unless MONGODB_URI names a server that is not ours to look into. */
  readonly process: MeasuredProcess | undefined;
}

/** The server that MONGODB_URI names, or else an embedded one in a process of its own, on a new folder. */
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
