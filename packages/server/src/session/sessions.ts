import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';
import type { User } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import { decide, type RefreshPolicy } from './decide.js';
import type { RefreshCounts } from './refreshCounts.js';
import type { RefreshToken, RefreshTokens } from './refreshToken.js';
import type { Revocations } from './revocations.js';
import type { RevocationReason, SessionRecord } from './sessionModel.js';
import { type Rotation, type SessionStore, stateOf } from './sessionStore.js';

/** A live session with the refresh token that its holder is entitled to. */
export interface SessionGrant {
  readonly session: SessionRecord;
  readonly refreshToken: string;
}

/** Begins, renews and ends sessions; where one is ended, `client` is whose request asked for it, if one did. */
export interface Sessions {
  /**
   * Stores a new session. Only `completeSignIn` calls it, which then confirms that the person may have it.
   */
  begin(
    user: User,
    options: { persistent: boolean; client: ClientInfo; authenticatedAt: Date },
  ): Promise<SessionGrant>;
  /** Ends the least recently used sessions of a person beyond the limit. */
  endSurplus(userId: string, client: ClientInfo): Promise<void>;
  /**
   * Answers a presented refresh token; idempotent.
   *
   * @throws AuthError REFRESH_INVALID | REFRESH_STALE | REFRESH_REUSED | SESSION_EXPIRED | SESSION_REVOKED
   */
  refresh(value: string, from: { episode: string | undefined; client: ClientInfo }): Promise<SessionGrant>;
  /** Ends a session; a session that was ended stays as it is. Whether this call ended it. */
  end(sessionId: string, reason: RevocationReason, client?: ClientInfo): Promise<boolean>;
  /** A person's live sessions, most recently used first. */
  list(userId: string): Promise<readonly SessionRecord[]>;
  /** Ends one of a person's sessions; whether the person has one of this id. */
  endOwn(
    own: { userId: string; sessionId: string },
    reason: RevocationReason,
    client?: ClientInfo,
  ): Promise<boolean>;
  /** Ends all sessions of a person but `except`; how many were live. */
  endAll(
    userId: string,
    options: { except?: string | undefined; reason: RevocationReason; client?: ClientInfo | undefined },
  ): Promise<number>;
  /** Ends the session that a refresh token belongs to, whatever its generation; nothing if it is not ours. */
  endByRefreshToken(value: string, reason: RevocationReason, client?: ClientInfo): Promise<void>;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly refreshTokens: RefreshTokens;
  readonly revocations: Pick<Revocations, 'add'>;
  readonly events: AuthEvents;
  /** Counts what was decided about each presented refresh token. */
  readonly counts: RefreshCounts;
  readonly clock: Clock;
  readonly policy: RefreshPolicy & {
    /** Absolute life of a remembered session. */
    readonly persistentLifetimeMs: number;
    /** Absolute life of any other. */
    readonly lifetimeMs: number;
    readonly idleMs: number;
    /** How many live sessions one person may have. */
    readonly maxPerUser: number;
  };
}

/** Enough for any real race: every lost one means that another request moved the session on. */
const MAX_RACES = 20;

/** Sessions over a store: policy is in `decide`, here is only its effect. */
export function createSessions(options: SessionsOptions): Sessions {
  const { store, refreshTokens, revocations, events, counts, clock, policy } = options;

  async function end(sessionId: string, reason: RevocationReason, client?: ClientInfo): Promise<boolean> {
    const ended = await store.revoke(sessionId, reason);
    if (ended === undefined) return false;
    announceEnd({ userId: ended.userId, sessionId, reason, client });
    return true;
  }

  function announceEnd(ended: {
    userId: string;
    sessionId: string;
    reason: RevocationReason;
    client: ClientInfo | undefined;
  }): void {
    const { userId, sessionId, reason, client } = ended;
    revocations.add(sessionId);
    const type = reason === 'logout' ? 'session_logout' : 'authn_token_revoked';
    events.emit(type, { userId, sessionId, client, detail: reason });
  }

  async function endByRefreshToken(
    value: string,
    reason: RevocationReason,
    client?: ClientInfo,
  ): Promise<void> {
    const token = refreshTokens.read(value);
    if (token !== undefined) await end(token.sessionId, reason, client);
  }

  async function endSurplus(userId: string, client: ClientInfo): Promise<void> {
    const surplus = await store.findSurplus(userId, { max: policy.maxPerUser, now: clock() });
    for (const sessionId of surplus) await end(sessionId, 'limit', client);
  }

  function unknown(): AuthError {
    counts.invalid += 1;
    return new AuthError('REFRESH_INVALID');
  }

  /** One look at the session and one step; `undefined` when another request was faster. */
  async function settle(rotation: Rotation, client: ClientInfo): Promise<SessionGrant | undefined> {
    const { presented, successor, episode, now } = rotation;
    const session = await store.find(presented.sessionId);
    if (session === undefined) throw unknown();
    const about = { userId: session.userId, sessionId: session._id };
    const decision = decide(stateOf(session), { ...presentedBy(presented), episode }, { now, policy });
    // What rotates is counted once it has.
    if (decision.kind !== 'rotate') counts[decision.kind] += 1;
    switch (decision.kind) {
      case 'rotate':
        return undefined;
      case 'replay': {
        const current = presented.descendant(session.generation);
        const replayed = decision.late ? await store.openGrace(session, now) : session;
        return replayed && { session: replayed, refreshToken: current.value };
      }
      case 'forgive': {
        const forgiven = await store.forgive(session, now);
        if (forgiven === undefined) return undefined;
        const detail = `generation ${presented.generation} forgiven`;
        events.emit('session_healed', { ...about, client, detail });
        return { session: forgiven, refreshToken: presented.descendant(session.generation).value };
      }
      case 'heal': {
        const healed = await store.heal(rotation, session);
        if (healed === undefined) return undefined;
        const detail = `${session.generation} → ${healed.generation}`;
        events.emit('session_healed', { ...about, client, detail });
        return { session: healed, refreshToken: successor.value };
      }
      case 'reuse':
        events.emit('authn_token_reuse', { ...about, client, detail: `generation ${presented.generation}` });
        await end(session._id, 'reuse', client);
        throw new AuthError('REFRESH_REUSED', { about });
      case 'stale':
        throw new AuthError('REFRESH_STALE', { about });
      case 'revoked':
        throw new AuthError('SESSION_REVOKED', { about });
      case 'expired':
        throw new AuthError('SESSION_EXPIRED', { about });
      case 'invalid':
        throw new AuthError('REFRESH_INVALID', { about });
    }
  }

  return {
    async begin(user, { persistent, client, authenticatedAt }) {
      const now = clock();
      const token = refreshTokens.first();
      const expiresAt = now + (persistent ? policy.persistentLifetimeMs : policy.lifetimeMs);
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
        expiresAt: new Date(expiresAt),
        persistent,
        client,
        revokedAt: null,
        revokedReason: null,
      };
      await store.insert(session);
      return { session, refreshToken: token.value };
    },

    endSurplus,

    async refresh(value, { episode, client }) {
      const presented = refreshTokens.read(value);
      if (presented === undefined) throw unknown();
      const successor = presented.descendant(presented.generation + 1);
      for (let race = 0; race < MAX_RACES; race++) {
        const rotation = { presented, successor, episode, now: clock() };
        const rotated = await store.rotate(rotation);
        if (rotated !== undefined) {
          counts.rotate += 1;
          events.emit('session_renewed', { userId: rotated.userId, sessionId: rotated._id, client });
          return { session: rotated, refreshToken: successor.value };
        }
        const settled = await settle(rotation, client);
        if (settled !== undefined) return settled;
      }
      throw new Error('A refresh lost every race.');
    },

    end,

    list: (userId) => store.findLive(userId, clock()),

    async endOwn({ userId, sessionId }, reason, client) {
      const session = await store.find(sessionId);
      if (session?.userId !== userId) return false;
      await end(sessionId, reason, client);
      return true;
    },

    async endAll(userId, { except, reason, client }) {
      const { ended, live } = await store.revokeAll(userId, { except, reason, now: clock() });
      for (const sessionId of ended) announceEnd({ userId, sessionId, reason, client });
      return live;
    },

    endByRefreshToken,
  };
}

function presentedBy({ generation, hash, hashAt }: RefreshToken) {
  return { generation, hash, hashAt };
}
