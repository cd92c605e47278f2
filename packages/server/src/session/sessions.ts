import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';
import type { User } from '../contract/index.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { RefreshPolicy } from './decide.js';
import { createRefresh, type SessionGrant } from './refresh.js';
import type { RefreshTokens } from './refreshToken.js';
import type { Revocations } from './revocations.js';
import type { RevocationReason, SessionRecord } from './sessionModel.js';
import type { SessionStore } from './sessionStore.js';

interface EndedSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly reason: RevocationReason;
  readonly client: ClientInfo | undefined;
}

/**
 * Begins, renews and ends sessions. Whoever ends one passes the `client` of the request that asked for it, if there
 * was one.
 */
export type Sessions = ReturnType<typeof createSessions>;

export function createSessions(options: {
  store: SessionStore;
  refreshTokens: RefreshTokens;
  revocations: Pick<Revocations, 'add'>;
  events: AuthEvents;
  clock: Clock;
  policy: RefreshPolicy & {
    /** The longest life of a session that the browser keeps when it is closed. */
    persistentLifetimeMs: number;
    /** The longest life of any other session. */
    lifetimeMs: number;
    idleMs: number;
    /** How many live sessions one person may have. */
    maxPerUser: number;
  };
}) {
  const { store, refreshTokens, revocations, events, clock, policy } = options;

  /** Ends a session, unless it was ended before. Returns whether this call ended it. */
  async function end(sessionId: string, reason: RevocationReason, client?: ClientInfo): Promise<boolean> {
    const ended = await store.revoke(sessionId, reason);
    if (ended === undefined) return false;
    announceEnd({ userId: ended.userId, sessionId, reason, client });
    return true;
  }

  function announceEnd({ reason, ...ended }: EndedSession): void {
    revocations.add(ended.sessionId);
    const type = reason === 'logout' ? 'session_logout' : 'authn_token_revoked';
    events.emit(type, { ...ended, detail: reason });
  }

  return {
    /** Stores a new session. Only `completeSignIn` calls it, which then confirms that the person may have it. */
    async begin(
      user: User,
      from: { persistent: boolean; client: ClientInfo; authenticatedAt: Date },
    ): Promise<SessionGrant> {
      const { persistent, client, authenticatedAt } = from;
      const now = clock();
      const token = refreshTokens.first();
      const lifetimeMs = persistent ? policy.persistentLifetimeMs : policy.lifetimeMs;
      const session: SessionRecord = {
        _id: token.sessionId,
        userId: user.id,
        user,
        generation: 0,
        currentHash: token.hash,
        movedFrom: 0,
        healed: false,
        graceFrom: null,
        rotatedAt: new Date(now),
        acknowledged: 0,
        attempts: [],
        createdAt: new Date(now),
        authenticatedAt,
        lastUsedAt: new Date(now),
        idleExpiresAt: new Date(now + policy.idleMs),
        expiresAt: new Date(now + lifetimeMs),
        persistent,
        client,
        revokedAt: null,
        revokedReason: null,
      };
      await store.insert(session);
      return { session, refreshToken: token.value };
    },

    ...createRefresh({
      ...options,
      endStolen: (sessionId, client) => end(sessionId, 'reuse', client),
    }),

    /** A person's live sessions, most recently used first. */
    list: (userId: string): Promise<readonly SessionRecord[]> => store.findLive(userId, clock()),

    end,

    /** Ends one of a person's sessions. Returns whether the person has a session of this id. */
    async endOwn(
      { userId, sessionId }: { userId: string; sessionId: string },
      reason: RevocationReason,
      client?: ClientInfo,
    ): Promise<boolean> {
      const session = await store.find(sessionId);
      if (session?.userId !== userId) return false;
      await end(sessionId, reason, client);
      return true;
    },

    /** Ends all sessions of a person but `except`. Returns how many were live. */
    async endAll(
      userId: string,
      ending: { except?: string | undefined; reason: RevocationReason; client?: ClientInfo | undefined },
    ): Promise<number> {
      const { except, reason, client } = ending;
      const { ended, live } = await store.revokeAll(userId, { except, reason, now: clock() });
      for (const sessionId of ended) announceEnd({ userId, sessionId, reason, client });
      return live;
    },

    /** Ends a person's least recently used sessions beyond the limit. */
    async endSurplus(userId: string, client: ClientInfo): Promise<void> {
      const surplus = await store.findSurplus(userId, { max: policy.maxPerUser, now: clock() });
      for (const sessionId of surplus) await end(sessionId, 'limit', client);
    },

    /** Ends the session of a refresh token of any generation; ignores a token that this server did not make. */
    async endByRefreshToken(value: string, reason: RevocationReason, client?: ClientInfo): Promise<void> {
      const token = refreshTokens.read(value);
      if (token !== undefined) await end(token.sessionId, reason, client);
    },
  };
}
