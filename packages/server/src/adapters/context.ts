import type { AuthContext } from '../http/authContext.js';
import type { Refusal } from '../procedures/refusals.js';
import { createNodeRequest, type NodeSource } from './nodeRequest.js';
import { createSocketRequest, type SocketSource } from './socketRequest.js';

/**
 * What makes the contexts of one server.
 *
 * @param onRefusal hears of every call that is refused
 */
export function createContexts(onRefusal: (refusal: Refusal) => void) {
  return {
    /**
     * Makes the context of a request. It never throws, because that would fail every call of a batch, the
     * public ones too; the guards judge.
     *
     * @param source the options that tRPC's Express or node:http adapter passes to `createContext`
     */
    createContext: (source: NodeSource): AuthContext => ({ latchkey: createNodeRequest(source, onRefusal) }),
    /**
     * Makes the context of a WebSocket, for as long as it is open. The client sends its access token first:
     * `createWSClient({ connectionParams: async () => session.headers() })`.
     *
     * @param source the options that tRPC's WebSocket adapter passes to `createContext`
     */
    createSocketContext: (source: SocketSource): AuthContext => ({
      latchkey: createSocketRequest(source, onRefusal),
    }),
  };
}
