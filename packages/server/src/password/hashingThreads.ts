import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashingJob } from './hashingJob.js';

/** Threads that compute hashes. */
export interface HashingThreads {
  /** How many there are at most. */
  readonly size: number;
  /** Gives a job to the first thread that is free. */
  run(job: HashingJob): Promise<string | boolean>;
}

interface Pending {
  readonly job: HashingJob;
  readonly resolve: (result: string | boolean) => void;
  readonly reject: (error: Error) => void;
}

/** A started thread; it is given one job at a time. */
interface Thread {
  give(pending: Pending): void;
}

/**
 * Threads apart from libuv's pool, which also serves files, DNS and asynchronous cryptography and which bcrypt's
 * own asynchronous calls would fill. On Linux they have a lower priority than the event loop.
 *
 * A thread begins with the first job that needs it and then stays; it keeps no process alive.
 */
export function createHashingThreads(size: number): HashingThreads {
  const free = new Set<Thread>();
  const waiting: Pending[] = [];
  let started = 0;

  const next = () => {
    if (waiting.length === 0) return;
    const [idle] = free;
    const thread = idle ?? (started < size ? start() : undefined);
    if (thread === undefined) return;
    const pending = waiting.shift();
    if (pending === undefined) return;
    free.delete(thread);
    thread.give(pending);
  };

  const start = () => {
    started += 1;
    const thread = startThread({
      onFree: () => {
        free.add(thread);
        next();
      },
      onLost: () => {
        started -= 1;
        free.delete(thread);
        next();
      },
    });
    return thread;
  };

  return {
    size,
    run: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        next();
      }),
  };
}

/** A thread that ends takes its one job with it; `onLost` lets another be started in its place. */
function startThread({ onFree, onLost }: { onFree: () => void; onLost: () => void }): Thread {
  const worker = startWorker();
  let current: Pending | undefined;
  let lost = false;
  const end = (error: Error) => {
    if (lost) return;
    lost = true;
    current?.reject(error);
    onLost();
  };
  worker.on('message', (result: string | boolean) => {
    current?.resolve(result);
    current = undefined;
    worker.unref();
    onFree();
  });
  worker.once('error', end);
  worker.once('exit', (code) => end(new Error(`A hashing thread ended with exit code ${code}.`)));
  return {
    give(pending) {
      current = pending;
      worker.ref();
      worker.postMessage(pending.job);
    },
  };
}

let shared: HashingThreads | undefined;

/**
 * The threads of this process: as many as there are processors where they stand back behind the event loop, else
 * one fewer.
 */
export function sharedHashingThreads(): HashingThreads {
  const processors = availableParallelism();
  shared ??= createHashingThreads(process.platform === 'linux' ? processors : Math.max(1, processors - 1));
  return shared;
}

/** Starts the compiled worker, or in a checkout its TypeScript source by way of tsx. */
function startWorker(): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./hashingWorker.js', import.meta.url));
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./hashingWorker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(load, { eval: true });
}
