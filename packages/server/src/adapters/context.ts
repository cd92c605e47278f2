import type { AuthContext } from '../http/authContext.js';
import { createNodeRequest, type NodeSource } from './nodeRequest.js';
import { createSocketRequest, type SocketSource } from './socketRequest.js';

/**
 * Makes the context of a request. It never throws, because that would fail every call of a batch, public ones too;
 * the guards check what it carries.
 *
 * @param source the options that tRPC's Express or node:http adapter passes to `createContext`
 */
export function createContext(source: NodeSource): AuthContext {
  return { latchkey: createNodeRequest(source) };
}

/**
 * Makes the context of a WebSocket, for as long as it is open. The client sends its access token first:
 * `createWSClient({ connectionParams: async () => session.headers() })`.
 *
 * @param source the options that tRPC's WebSocket adapter passes to `createContext`
 */
export function createSocketContext(source: SocketSource): AuthContext {
  return { latchkey: createSocketRequest(source) };
}
