import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';
import { reportToParent } from '../childProcess.js';

/** Listens on a free port of the loopback and answers the parent's questions until it leaves. */
export async function serve(app: Express): Promise<void> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  reportToParent(`http://127.0.0.1:${address.port}`);
}
