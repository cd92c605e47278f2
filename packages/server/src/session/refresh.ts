import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import { type Decision, decide, type RefreshPolicy } from './decide.js';
import type { RefreshTokens } from './refreshToken.js';
import type { SessionRecord } from './sessionModel.js';
import { type Rotation, type SessionStore, stateOf } from './sessionStore.js';

/** A live session with the refresh token that its holder is entitled to. */
export interface SessionGrant {
  readonly session: SessionRecord;
  readonly refreshToken: string;
}

/** How often each decision about a presented refresh token was made since this node started. */
export type RefreshCounts = Record<Decision['kind'], number>;

/** More than any real race needs: each lost race means that another request has changed the session. */
const MAX_RACES = 20;

/** Carries out what `decide` says about a presented refresh token. */
export function createRefresh(options: {
  store: SessionStore;
  refreshTokens: RefreshTokens;
  /** Ends the session of a stolen token. */
  endStolen: (sessionId: string, client: ClientInfo) => Promise<unknown>;
  events: AuthEvents;
  clock: Clock;
  policy: RefreshPolicy;
}) {
  const { store, refreshTokens, endStolen, events, clock, policy } = options;
  const counts: RefreshCounts = {
    rotate: 0,
    replay: 0,
    heal: 0,
    forgive: 0,
    stale: 0,
    reuse: 0,
    revoked: 0,
    expired: 0,
    invalid: 0,
  };

  /**
   * Returns the session and the token that a presented refresh token is entitled to. It can be repeated: the same
   * token gets the same answer.
   *
   * @throws AuthError REFRESH_INVALID | REFRESH_STALE | REFRESH_REUSED | SESSION_EXPIRED | SESSION_REVOKED
   */
  async function refresh(
    value: string,
    { episode, client }: { episode: string | undefined; client: ClientInfo },
  ): Promise<SessionGrant> {
    const presented = refreshTokens.read(value);
    if (presented === undefined) throw unknownToken();
    const successor = presented.descendant(presented.generation + 1);
    for (let race = 0; race < MAX_RACES; race++) {
      const rotation = { presented, successor, episode, now: clock() };
      const grant = (await rotate(rotation, client)) ?? (await settle(rotation, client));
      if (grant !== undefined) return grant;
    }
    throw new Error(`Other requests changed the session ${MAX_RACES} times during this refresh.`);
  }

  /** The common case in one write; `undefined` if the session does not allow it. */
  async function rotate(rotation: Rotation, client: ClientInfo): Promise<SessionGrant | undefined> {
    const session = await store.rotate(rotation);
    if (session === undefined) return undefined;
    counts.rotate += 1;
    events.emit('session_renewed', { userId: session.userId, sessionId: session._id, client });
    return { session, refreshToken: rotation.successor.value };
  }

  /** Every other case: one read, then at most one write; `undefined` if another request was faster. */
  async function settle(rotation: Rotation, client: ClientInfo): Promise<SessionGrant | undefined> {
    const { presented, successor, episode, now } = rotation;
    const session = await store.find(presented.sessionId);
    if (session === undefined) throw unknownToken();
    const about = { userId: session.userId, sessionId: session._id };
    const decision = decide(stateOf(session), { ...presented, episode }, { now, policy });
    // `rotate` counts what it has written.
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
        await endStolen(session._id, client);
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

  function unknownToken(): AuthError {
    counts.invalid += 1;
    return new AuthError('REFRESH_INVALID');
  }

  return { refresh, refreshCounts: (): RefreshCounts => ({ ...counts }) };
}
