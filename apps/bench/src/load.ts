import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

/** One request, as a caller wants it sent. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
}

/** What a server answered. */
export interface LoadResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who calls a server again and again, each time when the answer to the last call is there. */
export interface Caller {
  next(): LoadRequest;
  /** Learns from an answer, such as the next refresh token. */
  received?(response: LoadResponse): void;
}

/** A caller who speaks for several, each of them in turn. */
export function inTurn(callers: readonly Caller[]): Caller {
  let turn = -1;
  const current = () => {
    const caller = callers[turn % callers.length];
    if (caller === undefined) throw new Error('There is nobody to call.');
    return caller;
  };
  return {
    next() {
      turn += 1;
      return current().next();
    },
    received: (response) => current().received?.(response),
  };
}

/** Sends one request; rejects unless the answer is a success. */
export async function call(origin: string, sent: LoadRequest, agent?: Agent): Promise<LoadResponse> {
  const response = await send(origin, sent, agent);
  if (response.status === 200) return response;
  throw new Error(`${sent.method} ${sent.path} was answered ${response.status}: ${response.body}`);
}

/**
 * Lets the callers send so many requests between them, each one when its last is answered.
 *
 * @param agent keeps the connections from one run to the next
 * @returns how long that took, in milliseconds
 */
export async function runLoad(options: {
  origin: string;
  callers: readonly Caller[];
  agent: Agent;
  requests: number;
}): Promise<number> {
  const { origin, callers, agent, requests } = options;
  let left = requests;
  const keepCalling = async (caller: Caller) => {
    while (left > 0) {
      left -= 1;
      const response = await call(origin, caller.next(), agent);
      caller.received?.(response);
    }
  };
  const startedAt = performance.now();
  await Promise.all(callers.map(keepCalling));
  return performance.now() - startedAt;
}

/** Sends one request; resolves with whatever is answered. */
export function send(origin: string, sent: LoadRequest, agent?: Agent): Promise<LoadResponse> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, ...(agent && { agent }) };
    const outgoing = request(origin + path, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
