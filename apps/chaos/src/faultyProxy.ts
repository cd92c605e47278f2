import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetworkFaults, type NetworkFault } from './networkFaults.js';
import type { Random } from './random.js';

/** What the network has done so far. */
export type ProxyCounts = Record<NetworkFault, number> & {
  requests: number;
  refreshes: number;
  /** Requests that met a dead process and got the proxy's own error page. */
  badGateways: number;
  /** Answers that report an unexpected fault of a server. */
  serverFaults: number;
  /** The longest time that a request took, delays included, in milliseconds. */
  slowestMs: number;
  /** The longest time that a request took in a server, in milliseconds. */
  slowestServerMs: number;
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Starts a load balancer on a network that is good at first. It passes each request to one of the ports at random, dead or
 * alive.
 */
export async function startFaultyProxy(options: {
  ports: readonly number[];
  random: Random;
  maxDelayMs: number;
}) {
  const { ports, random } = options;
  const agent = new Agent({ keepAlive: true });
  const faults = createNetworkFaults(options);
  const counts: ProxyCounts = {
    requests: 0,
    refreshes: 0,
    delayed: 0,
    requestsLost: 0,
    answersLost: 0,
    answersCutShort: 0,
    sentTwice: 0,
    badGateways: 0,
    serverFaults: 0,
    slowestMs: 0,
    slowestServerMs: 0,
  };
  const delay = async (milliseconds: number) => {
    if (milliseconds === 0) return;
    counts.delayed += 1;
    await sleep(milliseconds);
  };

  const ask = (incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
    forward(incoming, { body, port: random.pick(ports), agent }).catch(() => {
      counts.badGateways += 1;
      return badGateway;
    });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readAll(incoming);
    const isRefresh = incoming.url?.includes('auth.refresh') ?? false;
    const startedAt = performance.now();
    counts.requests += 1;
    if (isRefresh) counts.refreshes += 1;
    const { loss, delays, sentTwice } = faults.draw(isRefresh);
    if (loss) counts[loss] += 1;
    await delay(delays[0]);
    if (loss === 'requestsLost') return void incoming.socket.destroy();
    if (sentTwice) {
      counts.sentTwice += 1;
      void delay(delays[2]).then(() => ask(incoming, body));
    }
    const askedAt = performance.now();
    const answer = await ask(incoming, body);
    counts.slowestServerMs = Math.max(counts.slowestServerMs, performance.now() - askedAt);
    if (answer.body.includes('INTERNAL_SERVER_ERROR')) counts.serverFaults += 1;
    await delay(delays[1]);
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startedAt);
    if (loss === 'answersLost') return void incoming.socket.destroy();
    outgoing.writeHead(answer.status, answer.headers);
    if (loss === undefined) return void outgoing.end(answer.body);
    outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => incoming.socket.destroy());
  };

  const server = createServer((incoming, outgoing) => {
    // It fails only if the client has gone away.
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    counts,
    setFaulty: faults.setFaulty,
    inject: faults.inject,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

const badGateway: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<html><body>Bad Gateway</body></html>'),
};

/** Forwards a request once, without a retry: the server may have begun to process it. */
async function forward(
  incoming: IncomingMessage,
  { body, port, agent }: { body: Buffer; port: number; agent: Agent },
): Promise<Answer> {
  const { method, url: path, headers } = incoming;
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject);
  });
  outgoing.end(body);
  const answer = await answered;
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: kept, body: await readAll(answer) };
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
