import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const IDLE_POLL_MS = 50;

/**
 * Stops accepting connections and waits until requests in flight have finished. Cuts off those that still run
 * after `graceMs`, and resolves to whether there were any.
 */
export async function closeServer(server: Server, graceMs: number): Promise<boolean> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // close() ends the connections that are idle now; those that become idle later would keep it waiting.
  const closingIdle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
  const done = new AbortController();
  const isCut = await Promise.race([closed.then(() => false), sleep(graceMs, true, { signal: done.signal })]);
  done.abort();
  clearInterval(closingIdle);
  if (isCut) server.closeAllConnections();
  await closed;
  return isCut;
}
