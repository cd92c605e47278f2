import { createExchange, type Exchange, type ExchangeSource } from '../http/exchange.js';
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
 * Makes what makes the context of a request from the options that tRPC's Express or node:http adapter passes to
 * `createContext`. It never throws, because that would fail every call of a batch, the
 * public ones too; the guards judge.
 *
 * @param onRefusal hears of every call that is refused
 */
export function contextMaker(onRefusal: (refusal: Refusal) => void): (source: ExchangeSource) => AuthContext {
  return (source) => ({ latchkey: createExchange(source, onRefusal) });
}
