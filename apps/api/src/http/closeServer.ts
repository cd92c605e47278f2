import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const IDLE_POLL_MS = 50;

/** Settings of {@link closeServer}. */
export interface CloseServerOptions {
  /** How long requests in flight may take before their connections are cut, in milliseconds. */
  graceMs: number;
}

/**
 * Stops accepting connections, lets requests in flight finish and resolves when the last connection is
 * gone. Whatever still runs after `graceMs` is cut off; resolves to whether anything was.
 */
export async function closeServer(
  server: Server,
  { graceMs }: CloseServerOptions,
): Promise<{ cut: boolean }> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const done = new AbortController();
  const cut = await Promise.race([
    closed.then(() => false),
    sleep(graceMs, true, { signal: done.signal }),
    closeIdle(server, done.signal),
  ]);
  done.abort();
  if (cut) server.closeAllConnections();
  await closed;
  return { cut };
}

// close() ends the connections idle at that moment; those that become idle later would keep it waiting.
async function closeIdle(server: Server, signal: AbortSignal): Promise<never> {
  while (!signal.aborted) {
    server.closeIdleConnections();
    await sleep(IDLE_POLL_MS);
  }
  return new Promise(() => {});
}
