import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';
import { reportToParent } from '../childProcess.js';
import { peerList } from './list.js';
import type { CreatePeer } from './peer.js';

// Serves one or more peers, each under its own path. The argument is a peerList.

const [, , argument = ''] = process.argv;
const peers = new Map<string, Express>();
for (const { name, peer, variant, databaseUri } of peerList.parse(JSON.parse(argument))) {
  const { createPeer }: { createPeer: CreatePeer } = await import(`../peers/${peer}.js`);
  peers.set(name, await createPeer({ variant, databaseUri }));
}

const server = createServer((req, res) => {
  // Chosen before Express, so that the number of peers costs nothing.
  const { url = '' } = req;
  const end = url.indexOf('/', 1);
  const peer = peers.get(url.slice(1, end));
  if (peer === undefined) return res.writeHead(404).end();
  req.url = url.slice(end);
  peer(req, res);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The server has no port.');
reportToParent(`http://127.0.0.1:${address.port}`);
