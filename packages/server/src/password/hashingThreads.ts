import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashingJob } from './hashingJob.js';

interface Pending {
  readonly job: HashingJob;
  readonly resolve: (result: string | boolean) => void;
  readonly reject: (error: Error) => void;
}

/** A started thread, which takes one job at a time. */
interface Thread {
  give(pending: Pending): void;
}

/**
 * Threads that compute hashes, apart from libuv's pool: the pool also serves files, DNS and asynchronous cryptography,
 * and bcrypt's own asynchronous calls would fill it. On Linux the threads have a lower priority than the event loop.
 * A thread starts with the first job that needs it and then stays; it does not keep the process alive.
 */
export type HashingThreads = ReturnType<typeof createHashingThreads>;

/** @param size the maximum number of threads */
export function createHashingThreads(size: number) {
  const free = new Set<Thread>();
  const waiting: Pending[] = [];
  let started = 0;

  function next(): void {
    if (waiting.length === 0) return;
    const [idle] = free;
    const thread = idle ?? (started < size ? start() : undefined);
    if (thread === undefined) return;
    const pending = waiting.shift();
    if (pending === undefined) return;
    free.delete(thread);
    thread.give(pending);
  }

  function start(): Thread {
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
  }

  return {
    size,
    /** Gives a job to the first thread that is free. */
    run: (job: HashingJob) =>
      new Promise<string | boolean>((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        next();
      }),
  };
}

/** A thread that ends rejects its current job; `onLost` then makes room for another thread. */
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
 * The threads of this process: one for each processor on Linux, where the event loop goes first, elsewhere one fewer.
 */
export function sharedHashingThreads(): HashingThreads {
  const processors = availableParallelism();
  shared ??= createHashingThreads(process.platform === 'linux' ? processors : Math.max(1, processors - 1));
  return shared;
}

/** Starts the compiled worker, or its TypeScript source with tsx in a checkout. */
function startWorker(): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./hashingWorker.js', import.meta.url));
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./hashingWorker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(load, { eval: true });
}
