import { type IncomingMessage, ServerResponse } from 'node:http';
import type { AuthRequest } from '../http/authRequest.js';
import { createNodeRequest } from './nodeRequest.js';
import { withAuthorization } from './withAuthorization.js';

/** The request that opened a WebSocket, and the parameters that its client sent first. */
export interface SocketSource {
  readonly req: IncomingMessage;
  readonly info: { readonly connectionParams: Readonly<Record<string, string | undefined>> | null };
}

/**
 * The request behind all calls over one WebSocket. Its access token comes from `connectionParams`, because a browser
 * cannot set headers on the request that opens a socket.
 *
 * Its cookies are ignored: a page of any site can open a WebSocket here, and the browser sends them along. A socket
 * cannot set cookies either, so procedures that do so refuse it.
 */
export function createSocketRequest({ req, info }: SocketSource): AuthRequest {
  const opening = createNodeRequest({ req, res: new ServerResponse(req) });
  return { ...withAuthorization(opening, info.connectionParams?.authorization), streamed: true };
}
