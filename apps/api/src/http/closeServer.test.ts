import { once } from 'node:events';
import { createServer, get, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { closeServer } from './closeServer.js';

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}

test('waits for a request in flight, and closes its connection when it becomes idle', async () => {
  const { server, url } = await listen((_req, res) => void setTimeout(() => res.end('done'), 100));
  const answer = fetch(url);
  await once(server, 'request');
  expect(await closeServer(server, 60_000)).toBe(false);
  expect(await (await answer).text()).toBe('done');
});

test('cuts off a request that does not finish', async () => {
  const { server, url } = await listen(() => {});
  const request = get(url);
  const failed = once(request, 'error');
  await once(server, 'request');
  expect(await closeServer(server, 50)).toBe(true);
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});
