import type { ClientInfo } from '../clientInfo.js';
import type { RevocationReason } from '../session/sessionModel.js';
import type { Sessions } from '../session/sessions.js';
import type { UserStore } from '../user/userStore.js';

export interface EndAllOptions {
  /** The id of a session that goes on. */
  readonly except?: string | undefined;
  /** @default 'revoked' */
  readonly reason?: RevocationReason;
  /** Where the request came from, if the person themselves asked. */
  readonly client?: ClientInfo | undefined;
}

/** Creates the use case that ends every session of a person, also those of sign-ins under way. */
export function createEndAllSessions(parts: {
  users: Pick<UserStore, 'interruptSignIns'>;
  sessions: Pick<Sessions, 'endAll'>;
}) {
  const { users, sessions } = parts;
  return async (
    userId: string,
    { except, reason = 'revoked', client }: EndAllOptions = {},
  ): Promise<number> => {
    await users.interruptSignIns(userId);
    return sessions.endAll(userId, { except, reason, client });
  };
}

export type EndAllSessions = ReturnType<typeof createEndAllSessions>;
