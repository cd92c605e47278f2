import type { IncomingMessage, OutgoingHttpHeader } from 'node:http';

/** A refresh token as it travels in its cookie; who it is and how old can be read, whether it is genuine cannot. */
export interface CarriedToken {
  readonly sessionId: string;
  readonly generation: number;
  /** The cookie, name and value, as it is to be sent back. */
  readonly pair: string;
}

const COOKIE = /(?:^|[;,]\s*)((?:__Host-|__Secure-)?latchkey-refresh=([\w-]{24})\.(\d+)\.[^;,\s]+)/;

/** The refresh token that a request carries. */
export function carriedToken({ headers }: IncomingMessage): CarriedToken | undefined {
  return readToken(headers.cookie ?? '');
}

/** The refresh token that an answer sets. */
export function setToken(setCookie: OutgoingHttpHeader | undefined): CarriedToken | undefined {
  const lines = Array.isArray(setCookie) ? setCookie : [String(setCookie ?? '')];
  return lines.map(readToken).find((token) => token !== undefined);
}

function readToken(line: string): CarriedToken | undefined {
  const [, pair, sessionId, generation] = COOKIE.exec(line) ?? [];
  if (pair === undefined || sessionId === undefined) return undefined;
  return { sessionId, generation: Number(generation), pair };
}
