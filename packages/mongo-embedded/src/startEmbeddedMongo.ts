import { once } from 'node:events';
import { mkdirSync, realpathSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Role } from './node/member.js';
import type { FromWorker, ToWorker, WorkerOptions } from './node/protocol.js';

/** How an embedded database is started. */
export interface EmbeddedMongoOptions {
  /** The folder of the data; it is created, readable for this user only. */
  dataDir: string;
  /** Listens on this port of 127.0.0.1 (0 for any free one) in place of a unix socket. Windows always uses a port. */
  port?: number;
  /** The database's clock, in ms since the epoch: for TTL indexes, `$currentDate` and hello's `localTime`. Only the owner's counts. */
  clock?: () => number;
  /** How often expired documents are looked for, in ms. Default: a minute, as MongoDB does. */
  ttlIntervalMs?: number;
  /**
   * What an acknowledged write survives: `'disk'` (the default) a loss of power, `'process'` only the death of
   * the process. The latter is faster where disks are slow, but a loss of power may ruin the files.
   */
  durability?: 'disk' | 'process';
}

/** A running embedded database. */
export type EmbeddedMongo = AsyncDisposable & {
  /** The `mongodb://` URI; it stays the same when another process takes the data over. */
  readonly uri: string;
  /** `'owner'` while this process has the files open, `'joined'` while another one does. */
  readonly role: Role;
  /** Ends this process's part: closes the files, or leaves the owner. Joined processes take over. */
  stop: () => Promise<void>;
};

/**
 * Starts a MongoDB-wire server on the folder `dataDir`, or joins the process that already serves it.
 *
 * It runs in a worker thread, without authentication: only this user can reach the socket, but every user of the
 * machine a port. Rejects if the folder or the port cannot be had.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const { clock } = options;
  const worker = startWorker({
    dataDir: realpathSync(options.dataDir),
    port: options.port,
    sync: options.durability !== 'process',
    ttlIntervalMs: options.ttlIntervalMs ?? 60_000,
    customClock: clock !== undefined,
  });
  const send = (message: ToWorker) => worker.postMessage(message);
  let role: Role = 'joined';
  const started = new Promise<string>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'role') role = message.role;
      else if (message.type === 'started') resolve(message.uri);
      else send({ type: 'clock', now: clock ? clock() : Date.now() });
    });
    worker.once('error', reject);
  });
  const uri = await started;
  // From now on a failure of the worker is nobody's answer: without a listener it ends the process.
  worker.removeAllListeners('error');

  let stopping: Promise<unknown> | undefined;
  const stop = async () => {
    if (!stopping) {
      stopping = once(worker, 'exit');
      send({ type: 'stop' });
    }
    await stopping;
  };
  return {
    uri,
    get role() {
      return role;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts the compiled worker, or in a checkout its TypeScript source by way of tsx. */
function startWorker(workerData: WorkerOptions): Worker {
  if (import.meta.url.endsWith('.js'))
    return new Worker(new URL('./node/worker.js', import.meta.url), { workerData });
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./node/worker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(load, { eval: true, workerData });
}
