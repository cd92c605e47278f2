import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { createHttpServer } from './httpServer.js';

const LARGE = 'a'.repeat(5_000_000);
const UPLOAD = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${LARGE.length}\r\n\r\n${LARGE}`;
const CHUNKED = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';

async function listen(listener: RequestListener, options?: ServerOptions) {
  const server = createHttpServer(listener, options).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  });
}

function connectTo(server: Server) {
  return connect((server.address() as AddressInfo).port, '127.0.0.1');
}

/** Sends everything and reads until the connection closes. */
async function exchange(server: Server, request: string): Promise<string> {
  const socket = connectTo(server).setEncoding('latin1');
  socket.write(request, 'latin1');
  let answer = '';
  for await (const text of socket) answer += text;
  return answer;
}

function notFound(_req: IncomingMessage, res: ServerResponse) {
  res.writeHead(404).end('nothing here');
}

test.each([
  ['a header of 100 kB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${LARGE.slice(0, 100_000)}\r\n\r\n`, 431],
  ['a header of 5 MB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${LARGE}\r\n\r\n`, 431],
  ['5 MB that are not HTTP', LARGE, 400],
  ['a broken chunk before 5 MB', `${CHUNKED}z\r\n${LARGE}`, 400],
  ['an endless chunk extension', `${CHUNKED}1;${LARGE}\r\n`, 413],
  ['CONNECT before 5 MB', `CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n${LARGE}`, 405],
  ['a body that its handler does not read', UPLOAD, 404],
])('the client can read the refusal of %s', async (_name, request, status) => {
  // Reads no body, as a handler that refuses by the headers alone.
  await using server = await listen((req, res) =>
    req.headers['transfer-encoding'] ? undefined : notFound(req, res),
  );
  expect(await exchange(server, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('a request that does not end is refused with 408', async () => {
  const timeouts = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 };
  await using server = await listen(notFound, timeouts);
  expect(await exchange(server, 'GET / HTTP/1.1\r\nhost: ')).toMatch(/^HTTP\/1.1 408 /);
});

test('a connection whose client goes on sending after its refusal is cut', async () => {
  await using server = await listen(notFound);
  const socket = connectTo(server).on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  const send = () => void (socket.writable && socket.write(LARGE.slice(0, 1_000), () => setImmediate(send)));
  send();
  await closed;
});

test('a refusal is never written into another answer', async () => {
  await using server = await listen((_req, res) => void res.write('half of'));
  const answer = await exchange(server, 'GET / HTTP/1.1\r\nhost: x\r\n\r\nnot HTTP\r\n\r\n');
  expect(answer).not.toContain('400');
});
