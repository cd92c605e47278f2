import { createExchange, type Exchange, type ExchangeSource } from '../http/exchange.js';
import { createSocketExchange, type SocketSource } from '../http/socketExchange.js';
import type { Refusal } from './refusals.js';

/** What Latchkey needs in a host's tRPC context: the request, unjudged. */
export interface AuthContext {
  readonly latchkey: Exchange;
}

/** Who calls a protected procedure, as its access token tells. */
export interface CallerSession {
  /** Session id. */
  readonly id: string;
  readonly userId: string;
  readonly generation: number;
  readonly roles: readonly string[];
  /** When the person last proved who they are. */
  readonly authenticatedAt: Date;
  /** When the access token ends. */
  readonly tokenExpiresAt: Date;
}

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
    createContext: (source: ExchangeSource): AuthContext => ({ latchkey: createExchange(source, onRefusal) }),
    /**
     * Makes the context of a WebSocket, for as long as it is open. The client sends its access token first:
     * `createWSClient({ connectionParams: async () => session.headers() })`.
     *
     * @param source the options that tRPC's WebSocket adapter passes to `createContext`
     */
    createSocketContext: (source: SocketSource): AuthContext => ({
      latchkey: createSocketExchange(source, onRefusal),
    }),
  };
}
