import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthRequest } from '../http/authRequest.js';
import { toClientInfo } from '../http/clientAddress.js';

/** A request and its response, as Express and node:http pass them to `createContext`. */
export interface NodeSource {
  readonly req: IncomingMessage & { readonly ip?: string | undefined };
  readonly res: ServerResponse;
  readonly info?: { readonly accept: string | null } | undefined;
}

/** Wraps a request. A header is read only when it is asked for. */
export function createNodeRequest(source: NodeSource): AuthRequest {
  return new NodeAuthRequest(source);
}

/** A class, because every request makes one: nine closures cost as much as the guard's whole check. */
class NodeAuthRequest implements AuthRequest {
  readonly #req: NodeSource['req'];
  readonly #res: NodeSource['res'];
  readonly #accept: string | null | undefined;

  constructor({ req, res, info }: NodeSource) {
    this.#req = req;
    this.#res = res;
    this.#accept = info?.accept;
  }

  get method() {
    return this.#req.method ?? 'GET';
  }

  get hasBody() {
    const { headers } = this.#req;
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  }

  get streamed() {
    return this.#accept === 'application/jsonl';
  }

  get client() {
    return toClientInfo(this.#req.ip ?? this.#req.socket.remoteAddress, this.header('user-agent'));
  }

  header(name: string) {
    const value = this.#req.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  headerValues(name: string) {
    const { rawHeaders } = this.#req;
    const values: string[] = [];
    // Names and values alternate.
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const sent = rawHeaders[index] ?? '';
      if (sent.length === name.length && sent.toLowerCase() === name)
        values.push(rawHeaders[index + 1] ?? '');
    }
    return values;
  }

  cookieValues(name: string) {
    return this.headerValues('cookie').flatMap((line) => valuesOf(line, name));
  }

  setHeader(name: string, value: string) {
    if (!this.#res.headersSent) this.#res.setHeader(name, value);
  }

  addCookie(serialised: string) {
    this.#res.appendHeader('Set-Cookie', serialised);
  }
}

/** Cookie libraries keep one of several cookies with the same name; this keeps all, so that two can be refused. */
function valuesOf(line: string, name: string): string[] {
  return line
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/^"(.*)"$/, '$1'));
}
