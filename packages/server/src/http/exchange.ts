import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import type { Refusal } from '../procedures/refusals.js';
import type { ClientInfo } from '../session/sessionModel.js';

/**
 * One HTTP request and what may be said back, as the guards see it: raw, unjudged, read without throwing.
 * Judging is the guards' work, because a throwing `createContext` fails every call of a batch.
 */
export interface Exchange {
  readonly method: string;
  /** A header's value; several are joined by `, ` (RFC 9110, 5.3) where Node keeps them. */
  header(name: string): string | undefined;
  /** Every value sent of a header, also where Node itself keeps only the first. */
  headerValues(name: string): readonly string[];
  /** Every value sent of a cookie. */
  cookieValues(name: string): readonly string[];
  /** Whether the request has a body at all. */
  readonly hasBody: boolean;
  /** Whether the answer is streamed, so that no header can be set once it has begun. */
  readonly streamed: boolean;
  readonly client: ClientInfo;
  /** Hears of every call of this request that is refused. */
  readonly onRefusal: (refusal: Refusal) => void;
  setHeader(name: string, value: string): void;
  addCookie(serialised: string): void;
}

/** The request and answer of `createContext`'s options, on Express or plain node:http. */
export interface ExchangeSource {
  readonly req: IncomingMessage & { readonly ip?: string | undefined };
  readonly res: ServerResponse;
  readonly info?: { readonly accept: string | null } | undefined;
}

const MAX_USER_AGENT = 512;

/** Wraps a request; its headers are looked at only when asked for. */
export function createExchange(
  { req, res, info }: ExchangeSource,
  onRefusal: (refusal: Refusal) => void,
): Exchange {
  const header = (name: string) => {
    const value = req.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const headerValues = (name: string) => {
    const { rawHeaders } = req;
    const values: string[] = [];
    // A loop, since every request passes here: names and values alternate.
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const sent = rawHeaders[index] ?? '';
      if (sent.length === name.length && sent.toLowerCase() === name)
        values.push(rawHeaders[index + 1] ?? '');
    }
    return values;
  };
  return {
    method: req.method ?? 'GET',
    header,
    headerValues,
    cookieValues: (name) => headerValues('cookie').flatMap((line) => valuesOf(line, name)),
    hasBody: req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0,
    streamed: info?.accept === 'application/jsonl',
    get client() {
      const ip = normaliseAddress(req.ip ?? req.socket.remoteAddress ?? '');
      return { ip, userAgent: (header('user-agent') ?? '').slice(0, MAX_USER_AGENT) };
    },
    onRefusal,
    setHeader(name, value) {
      if (!res.headersSent) res.setHeader(name, value);
    },
    addCookie(serialised) {
      res.appendHeader('Set-Cookie', serialised);
    },
  };
}

/** Libraries keep one of several cookies of a name; here every one counts, so that two can be refused. */
function valuesOf(line: string, name: string): string[] {
  return line
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/^"(.*)"$/, '$1'));
}

/** `::ffff:192.0.2.1` is `192.0.2.1`: one address, one counter. */
function normaliseAddress(address: string): string {
  const mapped = address.replace(/^::ffff:/i, '');
  return isIPv4(mapped) ? mapped : address;
}
