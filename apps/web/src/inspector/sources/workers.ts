import { createTabId } from '../tap.js';

/** Starts as many workers that do what tabs do; returns how to stop them. `onGone` is told their ids then. */
export function startWorkers(count: number, onGone: (tabId: string) => void): () => void {
  const workers = Array.from({ length: count }, () => {
    // A worker cannot tell that it is being ended; its maker, who knows its name, does.
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
