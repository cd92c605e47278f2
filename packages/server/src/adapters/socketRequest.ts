import { type IncomingMessage, ServerResponse } from 'node:http';
import type { AuthRequest } from '../http/authRequest.js';
import type { Refusal } from '../procedures/refusals.js';
import { createNodeRequest } from './nodeRequest.js';

/** The request that opened a WebSocket, and what its client said first. */
export interface SocketSource {
  readonly req: IncomingMessage;
  readonly info: { readonly connectionParams: Readonly<Record<string, string | undefined>> | null };
}

/**
 * The exchange of all calls over one WebSocket. Its access token is the one that `connectionParams` brought, since
 * a browser can send no header with the request that opens it.
 *
 * Its cookies count for nothing: pages of every site can open a WebSocket here, and the browser sends them along. Nothing
 * can be set in an answer, so that procedures which set a cookie refuse.
 */
export function createSocketRequest(
  { req, info }: SocketSource,
  onRefusal: (refusal: Refusal) => void,
): AuthRequest {
  const opening = createNodeRequest({ req, res: new ServerResponse(req) }, onRefusal);
  const authorization = info.connectionParams?.authorization;
  const given = authorization === undefined ? [] : [authorization];
  return {
    method: opening.method,
    client: opening.client,
    hasBody: false,
    streamed: true,
    header: (name) => (name === 'authorization' ? authorization : opening.header(name)),
    headerValues: (name) => (name === 'authorization' ? given : opening.headerValues(name)),
    cookieValues: () => [],
    onRefusal,
    setHeader: () => {},
    addCookie: () => {},
  };
}
