import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.js';

/** What the network did so far. */
export interface ProxyCounts {
  requests: number;
  refreshes: number;
  delayed: number;
  requestsLost: number;
  answersLost: number;
  answersCutShort: number;
  sentTwice: number;
  /** Requests that met a dead process and were answered by the proxy's own error page. */
  badGateways: number;
  /** Answers that told of an unexpected fault of the server's. */
  serverFaults: number;
  /** The longest that a request was under way, delays included, in milliseconds. */
  slowestMs: number;
  /** The same for the servers' part of it alone. */
  slowestServerMs: number;
}

/** A load balancer on a bad network. */
export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  readonly counts: Readonly<ProxyCounts>;
  /** From now on the network is bad, or good again. */
  setFaulty(faulty: boolean): void;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Loss = 'request' | 'answer' | 'rest of the answer' | undefined;

/**
 * Starts a proxy, on a good network at first, that passes each request to one of the upstream ports at random, dead or alive, and loses, delays
 * and repeats. It repeats only refreshes: a repeated creation of a note would be two.
 */
export async function startFaultyProxy(options: {
  ports: readonly number[];
  random: Random;
  maxDelayMs: number;
}): Promise<FaultyProxy> {
  const { ports, random, maxDelayMs } = options;
  const agent = new Agent({ keepAlive: true });
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
  let isFaulty = false;
  const happens = (probability: number) => random.chance(probability) && isFaulty;

  const drawLoss = (): Loss => {
    if (happens(0.02)) return 'request';
    if (happens(0.03)) return 'answer';
    return happens(0.01) ? 'rest of the answer' : undefined;
  };
  const delay = async () => {
    if (!happens(0.1)) return;
    counts.delayed += 1;
    await sleep(random.between(0, maxDelayMs));
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
    const loss = drawLoss();
    await delay();
    if (loss === 'request') {
      counts.requestsLost += 1;
      return void incoming.socket.destroy();
    }
    if (isRefresh && happens(0.03)) {
      counts.sentTwice += 1;
      void delay().then(() => ask(incoming, body));
    }
    const askedAt = performance.now();
    const answer = await ask(incoming, body);
    counts.slowestServerMs = Math.max(counts.slowestServerMs, performance.now() - askedAt);
    if (answer.body.includes('INTERNAL_SERVER_ERROR')) counts.serverFaults += 1;
    await delay();
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startedAt);
    if (loss === 'answer') {
      counts.answersLost += 1;
      return void incoming.socket.destroy();
    }
    outgoing.writeHead(answer.status, answer.headers);
    if (loss === undefined) return void outgoing.end(answer.body);
    counts.answersCutShort += 1;
    outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => incoming.socket.destroy());
  };

  const server = createServer((incoming, outgoing) => {
    // What fails here is a client that has gone away.
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    counts,
    setFaulty: (faulty) => {
      isFaulty = faulty;
    },
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

/** Sends a request on once, whatever happens to it: what a server may have begun must not be sent again. */
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
