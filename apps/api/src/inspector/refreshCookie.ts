import type { IncomingMessage, OutgoingHttpHeader } from 'node:http';

/** A refresh token in its cookie. Session and generation can be read, but nothing is verified. */
export interface CarriedToken {
  readonly sessionId: string;
  readonly generation: number;
  /** Name and value of the cookie, for a Cookie header. */
  readonly pair: string;
}

const COOKIE = /(?:^|[;,]\s*)((?:__Host-|__Secure-)?latchkey-refresh=([\w-]{24})\.(\d+)\.[^;,\s]+)/;

/** Returns the refresh token of a request. */
export function carriedToken({ headers }: IncomingMessage): CarriedToken | undefined {
  return readToken(headers.cookie ?? '');
}

/** Returns the refresh token that an answer sets. */
export function setToken(setCookie: OutgoingHttpHeader | undefined): CarriedToken | undefined {
  const lines = Array.isArray(setCookie) ? setCookie : [String(setCookie ?? '')];
  return lines.map(readToken).find((token) => token !== undefined);
}

function readToken(line: string): CarriedToken | undefined {
  const [, pair, sessionId, generation] = COOKIE.exec(line) ?? [];
  if (pair === undefined || sessionId === undefined) return undefined;
  return { sessionId, generation: Number(generation), pair };
}
