import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import { inTime } from '../inTime.js';
import type { PresentedToken, SessionState } from './decide.js';
import type { RefreshToken } from './refreshToken.js';
import type { RevocationReason, SessionRecord } from './sessionModel.js';

/** One rotation, as it is to be written. */
export interface Rotation {
  readonly presented: RefreshToken;
  readonly successor: RefreshToken;
  readonly episode: string | undefined;
  readonly now: number;
}

/** Times that every rotation needs, in milliseconds. */
export interface RotationPolicy {
  readonly graceMs: number;
  readonly idleMs: number;
}

/** Sessions in the database: each method is one conditional write, or one read. */
export interface SessionStore {
  insert(record: SessionRecord): Promise<void>;
  find(sessionId: string): Promise<SessionRecord | undefined>;
  /** The `rotate` row of the protocol as one write; `undefined` when the session is in any other state. */
  rotate(rotation: Rotation): Promise<SessionRecord | undefined>;
  /** Rotates from a generation ahead of the database, if the session still is as it was `seen`. */
  heal(rotation: Rotation, seen: SessionRecord): Promise<SessionRecord | undefined>;
  /** Opens a grace period from `now`, if the session still is as it was `seen`. */
  openGrace(seen: SessionRecord, now: number): Promise<SessionRecord | undefined>;
  /**
   * Notes that a generation is in use, told by an access token of it that was issued at `issuedAt` (seconds).
   * After a rollback of the database a token may be older than the generation of its number: it proves nothing.
   */
  acknowledge(seen: { sessionId: string; generation: number; issuedAt: number }): Promise<void>;
  /** Ends a session once; whether this call did it. */
  revoke(sessionId: string, reason: RevocationReason): Promise<SessionRecord | undefined>;
}

/** The state that `decide` judges by. */
export function stateOf(record: SessionRecord): SessionState {
  return {
    generation: record.generation,
    currentHash: record.currentHash,
    graceFrom: record.graceFrom?.getTime() ?? null,
    acknowledged: record.acknowledged,
    attempts: record.attempts,
    idleExpiresAt: record.idleExpiresAt.getTime(),
    expiresAt: record.expiresAt.getTime(),
    revoked: record.revokedAt !== null,
  };
}

/**
 * The whole condition under which `decide` says `rotate`, as a filter; a test shows that they agree.
 */
export function rotateFilter(
  sessionId: string,
  presented: Pick<PresentedToken, 'generation' | 'hash'>,
  at: { now: number; graceMs: number },
) {
  const now = new Date(at.now);
  return {
    _id: sessionId,
    generation: presented.generation,
    currentHash: presented.hash,
    revokedAt: null,
    expiresAt: { $gt: now },
    idleExpiresAt: { $gt: now },
    $or: [{ graceFrom: null }, { graceFrom: { $lte: new Date(at.now - at.graceMs) } }],
  };
}

const KEPT_ATTEMPTS = 4;

const rotationUpdate = ({ successor, episode, now }: Rotation, idleMs: number) => ({
  $set: {
    generation: successor.generation,
    currentHash: successor.hash,
    graceFrom: new Date(now),
    rotatedAt: new Date(now),
    lastUsedAt: new Date(now),
    idleExpiresAt: new Date(now + idleMs),
  },
  $push: { attempts: { $each: [episode ?? ''], $position: 0, $slice: KEPT_ATTEMPTS } },
});

/** Sessions through mongoose. */
export function createSessionStore(model: Model<SessionRecord>, policy: RotationPolicy): SessionStore {
  const unchanged = (seen: SessionRecord) => ({
    _id: seen._id,
    generation: seen.generation,
    currentHash: seen.currentHash,
    revokedAt: null,
  });
  const updateOne = async (filter: QueryFilter<SessionRecord>, update: UpdateQuery<SessionRecord>) =>
    (await inTime(model.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean().exec())) ??
    undefined;

  return {
    async insert(record) {
      await inTime(model.create(record));
    },
    async find(sessionId) {
      return (await inTime(model.findById(sessionId).lean().exec())) ?? undefined;
    },
    rotate(rotation) {
      const { presented, now } = rotation;
      const filter = rotateFilter(presented.sessionId, presented, { now, graceMs: policy.graceMs });
      return updateOne(filter, rotationUpdate(rotation, policy.idleMs));
    },
    heal(rotation, seen) {
      return updateOne(unchanged(seen), rotationUpdate(rotation, policy.idleMs));
    },
    openGrace(seen, now) {
      return updateOne(unchanged(seen), { $set: { graceFrom: new Date(now), lastUsedAt: new Date(now) } });
    },
    async acknowledge({ sessionId, generation, issuedAt }) {
      // `iat` counts whole seconds, cut off.
      const rotatedAt = { $lt: new Date((issuedAt + 1) * 1000) };
      const filter = { _id: sessionId, generation, rotatedAt };
      await inTime(model.updateOne(filter, { $max: { acknowledged: generation } }).exec());
    },
    revoke(sessionId, reason) {
      return updateOne(
        { _id: sessionId, revokedAt: null },
        { $set: { revokedReason: reason }, $currentDate: { revokedAt: true } },
      );
    },
  };
}
