import type { ClientInfo } from '../clientInfo.js';
import type { Sessions } from '../session/sessions.js';

/** What the request presents; each names a session that ends. */
export interface SignOutRequest {
  /** The session of a genuine access token. */
  readonly sessionId: string | undefined;
  readonly refreshToken: string | undefined;
  readonly client: ClientInfo;
}

/** Creates the use case that signs a person out; it is idempotent. */
export function createSignOut({ sessions }: { sessions: Pick<Sessions, 'end' | 'endByRefreshToken'> }) {
  return async ({ sessionId, refreshToken, client }: SignOutRequest): Promise<void> => {
    if (sessionId !== undefined) await sessions.end(sessionId, 'logout', client);
    if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken, 'logout', client);
  };
}

export type SignOut = ReturnType<typeof createSignOut>;
