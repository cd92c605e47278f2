import type { AuthRequest } from './authRequest.js';

/** What Latchkey needs in a host's tRPC context: the request, unjudged. */
export interface AuthContext {
  readonly latchkey: AuthRequest;
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
