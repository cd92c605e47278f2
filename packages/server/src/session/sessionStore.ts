import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import type { User } from '../contract/index.js';
import { many, one, run } from '../database/queries.js';
import { withTimeout } from '../database/withTimeout.js';
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
  /** Opens a grace period from `now` and doubts that the current generation is in use, if the session still is as it was `seen`. */
  forgive(seen: SessionRecord, now: number): Promise<SessionRecord | undefined>;
  /**
   * Notes that a generation is in use, told by an access token of it that was issued at `issuedAt` (seconds).
   * After a rollback of the database a token may be older than the generation of its number: it proves nothing.
   */
  acknowledge(seen: { sessionId: string; generation: number; issuedAt: number }): Promise<void>;
  /** Ends a session once; whether this call did it. */
  revoke(sessionId: string, reason: RevocationReason): Promise<SessionRecord | undefined>;
  /** Ends all sessions of a person but `except`: the ids of those ended, and how many were live at `now`. */
  revokeAll(
    userId: string,
    options: { except?: string | undefined; reason: RevocationReason; now: number },
  ): Promise<{ ended: readonly string[]; live: number }>;
  /** A person's live sessions, most recently used first. */
  findLive(userId: string, now: number): Promise<readonly SessionRecord[]>;
  /** Replaces the copy of the user in all of that person's sessions. */
  setUser(user: User): Promise<void>;
  /** Takes everything personal out of all sessions of a person and has them removed at `removeAt`. */
  erase(userId: string, removeAt: number): Promise<void>;
  /** The ids of a person's live sessions beyond the `max` most recently used ones. */
  findSurplus(userId: string, options: { max: number; now: number }): Promise<readonly string[]>;
}

/** The state that `decide` judges by. */
export function stateOf(record: SessionRecord): SessionState {
  return {
    generation: record.generation,
    currentHash: record.currentHash,
    movedFrom: record.movedFrom,
    healed: record.healed,
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

function liveAt(now: number) {
  return {
    revokedAt: null,
    expiresAt: { $gt: new Date(now) },
    idleExpiresAt: { $gt: new Date(now) },
  };
}

/** What remains of a user in sessions that are kept only to be refused. */
const NOBODY = { username: '', email: '', emailVerified: false } as const;

function revocation(reason: RevocationReason) {
  return {
    $set: { revokedReason: reason },
    // The database's own time, by which every node's feed finds it.
    $currentDate: { revokedAt: true as const },
  };
}

function rotationUpdate(
  { presented, successor, episode, now }: Rotation,
  { idleMs, movedFrom }: { idleMs: number; movedFrom: number },
) {
  return {
    $set: {
      generation: successor.generation,
      currentHash: successor.hash,
      movedFrom,
      healed: movedFrom < presented.generation,
      graceFrom: new Date(now),
      rotatedAt: new Date(now),
      lastUsedAt: new Date(now),
      idleExpiresAt: new Date(now + idleMs),
    },
    $push: { attempts: { $each: [episode ?? ''], $position: 0, $slice: KEPT_ATTEMPTS } },
  };
}

/** Sessions through mongoose. */
export function createSessionStore(model: Model<SessionRecord>, policy: RotationPolicy): SessionStore {
  const unchanged = (seen: SessionRecord) => ({
    _id: seen._id,
    generation: seen.generation,
    currentHash: seen.currentHash,
    revokedAt: null,
  });
  const updateOne = (filter: QueryFilter<SessionRecord>, update: UpdateQuery<SessionRecord>) =>
    one(model.findOneAndUpdate(filter, update, { returnDocument: 'after' }));
  // Past mongoose, to its driver: this is the one write of the common case, and every value in it has its
  // stored type already, so that there is nothing to cast.
  const native = model.db.collection<SessionRecord>(model.collection.collectionName);
  const rotateOne = async (
    filter: ReturnType<typeof rotateFilter>,
    update: ReturnType<typeof rotationUpdate>,
  ): Promise<SessionRecord | undefined> =>
    (await withTimeout(native.findOneAndUpdate(filter, update, { returnDocument: 'after' }))) ?? undefined;

  return {
    async insert(record) {
      await withTimeout(model.create(record));
    },
    find: (sessionId) => one(model.findById(sessionId)),
    rotate(rotation) {
      const { presented, now } = rotation;
      const filter = rotateFilter(presented.sessionId, presented, { now, graceMs: policy.graceMs });
      return rotateOne(filter, rotationUpdate(rotation, { ...policy, movedFrom: presented.generation }));
    },
    heal(rotation, seen) {
      return updateOne(unchanged(seen), rotationUpdate(rotation, { ...policy, movedFrom: seen.generation }));
    },
    openGrace(seen, now) {
      return updateOne(unchanged(seen), { $set: { graceFrom: new Date(now), lastUsedAt: new Date(now) } });
    },
    forgive(seen, now) {
      const doubt = { acknowledged: seen.generation - 1, rotatedAt: new Date(now), healed: false };
      return updateOne(unchanged(seen), {
        $set: { graceFrom: new Date(now), lastUsedAt: new Date(now), ...doubt },
      });
    },
    async acknowledge({ sessionId, generation, issuedAt }) {
      // `iat` counts whole seconds, cut off.
      const rotatedAt = { $lt: new Date((issuedAt + 1) * 1000) };
      const filter = { _id: sessionId, generation, rotatedAt };
      await run(model.updateOne(filter, { $max: { acknowledged: generation } }));
    },
    revoke(sessionId, reason) {
      return updateOne({ _id: sessionId, revokedAt: null }, revocation(reason));
    },
    async revokeAll(userId, { except, reason, now }) {
      const others = except === undefined ? {} : { _id: { $ne: except } };
      const filter = { userId, revokedAt: null, ...others };
      const found = await many(model.find(filter, { expiresAt: 1, idleExpiresAt: 1 }));
      const ended = found.map(({ _id }) => _id);
      // Those that are over are ended too: another node's clock may not think so yet.
      const stillOpen = { _id: { $in: ended }, revokedAt: null };
      await run(model.updateMany(stillOpen, revocation(reason)));
      const isLive = (record: Pick<SessionRecord, 'expiresAt' | 'idleExpiresAt'>) =>
        now < record.expiresAt.getTime() && now < record.idleExpiresAt.getTime();
      return { ended, live: found.filter(isLive).length };
    },
    findLive: (userId, now) => many(model.find({ userId, ...liveAt(now) }).sort({ lastUsedAt: -1, _id: 1 })),
    async setUser(user) {
      await run(model.updateMany({ userId: user.id }, { $set: { user } }));
    },
    async erase(userId, removeAt) {
      const nobody: User = { ...NOBODY, roles: [], id: userId, createdAt: new Date(removeAt).toISOString() };
      const erasure = {
        $set: { user: nobody, client: { ip: '', userAgent: '' } },
        $min: { expiresAt: new Date(removeAt) },
      };
      await run(model.updateMany({ userId }, erasure));
    },
    async findSurplus(userId, { max, now }) {
      // The id breaks ties, so that two sign-ins at once agree on who stays.
      const byUse = model.find({ userId, ...liveAt(now) }, { _id: 1 }).sort({ lastUsedAt: -1, _id: 1 });
      const found = await many(byUse.skip(max));
      return found.map(({ _id }) => _id);
    },
  };
}
