import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';

const TIMEOUTS = { requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 };

/** How long the server goes on reading a request that it has refused, in milliseconds. */
const DRAIN_MS = 2_000;

/** Answers to requests that Node's parser refuses, by its error codes. */
const REFUSALS = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
]);

/**
 * Creates an HTTP server whose refusals reach the client.
 *
 * Node closes the connection of a broken or oversized request while the rest of it is unread. The system then
 * sends a reset, and a client that is still sending never reads the answer. This server sends the answer, reads
 * and drops the rest for up to two seconds, and then closes.
 */
export function createHttpServer(listener: RequestListener, options: ServerOptions = {}): Server {
  const server = createServer({ ...TIMEOUTS, ...options }, listener);
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, res) => lastAnswers.set(socket, res));
  // Node calls this after an answer with `connection: close`.
  server.on('connection', (socket) => Object.assign(socket, { destroySoon: () => endAndDrain(socket) }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const answer = lastAnswers.get(socket);
    // A refusal in the middle of another answer would be read as a part of it.
    if (answer !== undefined && isUnderWay(answer)) return void socket.destroy();
    refuse(socket, REFUSALS.get(error.code ?? '') ?? '400 Bad Request');
  });
  server.on('connect', (_req, socket) => refuse(socket, '405 Method Not Allowed'));
  return server;
}

// An answer without a socket waits for an earlier one on the same connection.
function isUnderWay(answer: ServerResponse): boolean {
  return !answer.writableFinished && (answer.headersSent || answer.socket === null);
}

function refuse(socket: Duplex, status: string) {
  endAndDrain(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function endAndDrain(socket: Duplex, lastData = '') {
  socket.end(lastData);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), DRAIN_MS);
  socket.once('close', () => clearTimeout(timer)).on('error', () => {});
}
