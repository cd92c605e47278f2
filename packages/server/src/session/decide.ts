/** The part of a session that {@link decide} needs. */
export interface SessionState {
  readonly generation: number;
  /** SHA-256 of the current generation's secret. */
  readonly currentHash: string;
  /**
   * The generation before the last rotation: one less than the current one, unless the rotation healed a restored
   * database and skipped generations that it had lost. Tokens from there on are predecessors of the current one.
   */
  readonly movedFrom: number;
  /** Whether the last rotation was a heal, and no predecessor of the current generation was forgiven since. */
  readonly healed: boolean;
  /** When the grace period began, in milliseconds; `null` at sign-in. */
  readonly graceFrom: number | null;
  /** The highest generation whose access token was seen in use. */
  readonly acknowledged: number;
  /** Episode ids of the last rotations, newest first; empty strings for clients that sent none. */
  readonly attempts: readonly string[];
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
  readonly revoked: boolean;
}

/** A presented refresh token with a genuine tag. */
export interface PresentedToken {
  readonly generation: number;
  readonly hash: string;
  /** SHA-256 of the secret of this token's descendant in a later generation. */
  hashAt(generation: number): string;
  readonly episode?: string | undefined;
}

/** Settings of refreshing; times in milliseconds. */
export interface RefreshPolicy {
  readonly graceMs: number;
  /** How many generations a genuine token may be ahead of the database to count as proof of a rollback; 0 for none. */
  readonly healLimit: number;
}

/** What to do with a presented refresh token. */
export type Decision =
  | { kind: 'rotate' }
  /** The database was restored to an earlier state: rotate from the presented generation. */
  | { kind: 'heal' }
  /** Return the current generation's token again; `late` also starts a new grace period. */
  | { kind: 'replay'; late: boolean }
  /**
   * After a heal, the client may have received an earlier answer last: return the current token again, once, as if it
   * had not been used.
   */
  | { kind: 'forgive' }
  | { kind: 'stale' }
  | { kind: 'reuse' }
  | { kind: 'revoked' }
  | { kind: 'expired' }
  | { kind: 'invalid' };

/** Whether `now` lies within the grace period of a session. */
export function inGrace(session: Pick<SessionState, 'graceFrom'>, now: number, graceMs: number): boolean {
  return session.graceFrom !== null && now - session.graceFrom < graceMs;
}

/**
 * Decides what a presented refresh token is entitled to: the table of the session protocol, row by row. Pure; times in
 * milliseconds.
 */
export function decide(
  session: SessionState,
  presented: PresentedToken,
  at: { now: number; policy: RefreshPolicy },
): Decision {
  const { now, policy } = at;
  const { generation } = session;
  const ahead = presented.generation - generation;
  const isPredecessor = ahead < 0 && presented.generation >= session.movedFrom;

  if (ahead === 0 && presented.hash !== session.currentHash) return { kind: 'invalid' };
  if (isPredecessor && presented.hashAt(generation) !== session.currentHash) return { kind: 'invalid' };
  if (session.revoked) return { kind: 'revoked' };
  if (now >= session.expiresAt || now >= session.idleExpiresAt) return { kind: 'expired' };

  const grace = inGrace(session, now, policy.graceMs);
  if (ahead === 0) return grace ? { kind: 'replay', late: false } : { kind: 'rotate' };
  if (ahead > 0) return ahead <= policy.healLimit ? { kind: 'heal' } : { kind: 'invalid' };

  const { episode } = presented;
  if (isPredecessor) {
    const successorUnused = session.acknowledged < generation;
    if (successorUnused) return { kind: 'replay', late: true };
    const rotatedByThisRequest = episode !== undefined && episode === session.attempts[0];
    if (grace || rotatedByThisRequest) return { kind: 'replay', late: false };
    return { kind: session.healed ? 'forgive' : 'reuse' };
  }
  const lateDuplicate = episode !== undefined && session.attempts.includes(episode);
  return grace || lateDuplicate ? { kind: 'stale' } : { kind: 'reuse' };
}
