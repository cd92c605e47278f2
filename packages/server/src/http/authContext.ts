import type { AuthRequest } from './authRequest.js';

/** The part of a host's tRPC context that Latchkey needs: the request, not checked yet. */
export interface AuthContext {
  readonly latchkey: AuthRequest;
}

/** The session that calls a protected procedure, as its access token describes it. */
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
