import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

/** One request, as a caller wants it sent. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
}

/** The response of a server. */
export interface LoadResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A client that calls a server again as soon as its last call is answered. */
export interface Caller {
  next(): LoadRequest;
  /** Takes what the next request needs from a response, such as a refresh token. */
  received?(response: LoadResponse): void;
}

/** A caller that sends the requests of several callers, one after the other. */
export function roundRobin(callers: readonly Caller[]): Caller {
  let turn = -1;
  const current = () => {
    const caller = callers[turn % callers.length];
    if (caller === undefined) throw new Error('There are no callers.');
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

/** Sends one request. Rejects if the response is not a success. */
export async function call(origin: string, sent: LoadRequest, agent?: Agent): Promise<LoadResponse> {
  const response = await send(origin, sent, agent);
  if (response.status === 200) return response;
  throw new Error(`${sent.method} ${sent.path} failed with status ${response.status}: ${response.body}`);
}

/**
 * Sends that many requests, shared among the callers. Each caller waits for its last response.
 *
 * @param options.agent keeps the connections from one run to the next
 * @returns the time that took, in milliseconds
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

/** Sends one request. Resolves to the response, whatever its status. */
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
