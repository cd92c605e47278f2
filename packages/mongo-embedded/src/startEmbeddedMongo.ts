import { once } from 'node:events';
import { mkdirSync, realpathSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Role } from './node/member.js';
import type { FromWorker, ToWorker, WorkerOptions } from './node/protocol.js';

/** The options of {@link startEmbeddedMongo}. */
export interface EmbeddedMongoOptions {
  /** The folder of the data. It is created, readable by this user only. */
  dataDir: string;
  /** Listens on this port of 127.0.0.1 (0 for any free one) instead of a unix socket. Windows always uses a port. */
  port?: number;
  /**
   * The clock of the database, in ms since the epoch, for TTL indexes, `$currentDate` and the `localTime` of hello. Only
   * the owner's clock is used.
   *
   * @default Date.now
   */
  clock?: () => number;
  /**
   * Time between two searches for expired documents, in ms.
   *
   * @default 60_000
   */
  ttlIntervalMs?: number;
  /**
   * What an acknowledged write survives: a loss of power (`'disk'`), or only the end of the process (`'process'`). The
   * latter is faster on slow disks, but a loss of power may damage the files.
   *
   * @default 'disk'
   */
  durability?: 'disk' | 'process';
}

/** A running embedded database. */
export interface EmbeddedMongo extends AsyncDisposable {
  /** The `mongodb://` URI. It stays the same when another process takes over. */
  readonly uri: string;
  /** `'owner'` while this process has the files open, `'joined'` while another process has. */
  readonly role: Role;
  /** Closes the files, or disconnects from the owner. When the owner stops, a joined process takes over. */
  stop: () => Promise<void>;
}

/**
 * Starts a MongoDB-wire server on the folder `dataDir`, or joins the process that already serves it.
 *
 * The server runs in a worker thread and has no authentication. Only this user can reach the socket; every user of the
 * machine can reach a port.
 *
 * @example
 * ```ts
 * await using mongo = await startEmbeddedMongo({ dataDir: '.data/mongo' });
 * await mongoose.connect(mongo.uri);
 * ```
 *
 * @throws if the folder cannot be opened or the port is in use
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
  // Once started, a failure of the worker ends the process: no promise is left to reject.
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

/** Starts the compiled worker. In a checkout it starts the TypeScript source through tsx. */
function startWorker(workerData: WorkerOptions): Worker {
  if (import.meta.url.endsWith('.js'))
    return new Worker(new URL('./node/worker.js', import.meta.url), { workerData });
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./node/worker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(load, { eval: true, workerData });
}
