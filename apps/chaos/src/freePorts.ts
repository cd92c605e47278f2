import { once } from 'node:events';
import { createServer } from 'node:net';

// Systems take the ports of outgoing connections from above this range. One of those could take the port of a dead process.
const LOWEST = 20_000;
const HIGHEST = 30_000;

/** Finds free ports of 127.0.0.1. They stay free while their processes are dead. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 1_000) throw new Error('no free ports');
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
