import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';
import { reportToParent } from '../childProcess.js';
import type { CreatePeer } from './peer.js';
import { peerPlans } from './plan.js';

// The process of one or more peers: the first is found under /0, the next under /1. Its argument says which.

const [, , argument = ''] = process.argv;
const peers: Express[] = [];
for (const { peer, ...options } of peerPlans.parse(JSON.parse(argument))) {
  const { createPeer }: { createPeer: CreatePeer } = await import(`../peers/${peer}.js`);
  peers.push(await createPeer({ variant: undefined, ...options }));
}

const server = createServer((req, res) => {
  // Before Express, so that the place in the list costs nothing.
  const { url = '' } = req;
  const end = url.indexOf('/', 1);
  req.url = url.slice(end);
  peers[Number(url.slice(1, end))]?.(req, res);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The server has no port.');
reportToParent(`http://127.0.0.1:${address.port}`);
