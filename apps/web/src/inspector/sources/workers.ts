import { createTabId } from '../tap.js';

/** Starts workers that act like tabs; returns a function that stops them and calls `onGone` with the id of each. */
export function startWorkers(count: number, onGone: (tabId: string) => void): () => void {
  const workers = Array.from({ length: count }, () => {
    // A worker cannot announce its own end, so its creator gives it a name and does so.
    const name = createTabId();
    return { name, worker: new Worker(new URL('./tabWorker.ts', import.meta.url), { type: 'module', name }) };
  });
  return () => {
    for (const { name, worker } of workers) {
      worker.terminate();
      onGone(name);
    }
  };
}
