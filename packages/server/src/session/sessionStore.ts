import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import type { User } from '../contract/index.js';
import { many, one, run } from '../database/queries.js';
import { withTimeout } from '../database/withTimeout.js';
import type { PresentedToken, SessionState } from './decide.js';
import type { RefreshToken } from './refreshToken.js';
import type { RevocationReason, SessionRecord } from './sessionModel.js';

/** One rotation to write. */
export interface Rotation {
  readonly presented: RefreshToken;
  readonly successor: RefreshToken;
  readonly episode: string | undefined;
  readonly now: number;
}

/** The part of a stored session that `decide` needs. */
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

/** The condition under which `decide` says `rotate`, as a filter; a test shows that they agree. */
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

/** What remains of a user in sessions that are kept only so that they can be refused. */
const NOBODY = { username: '', email: '', emailVerified: false } as const;

function revocation(reason: RevocationReason) {
  return {
    $set: { revokedReason: reason },
    // By the database's own clock, so that every node's feed finds it.
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

/** Sessions in the database: each method is one read, or one conditional write. */
export type SessionStore = ReturnType<typeof createSessionStore>;

export function createSessionStore(
  model: Model<SessionRecord>,
  { graceMs, idleMs }: { graceMs: number; idleMs: number },
) {
  const unchanged = (seen: SessionRecord) => ({
    _id: seen._id,
    generation: seen.generation,
    currentHash: seen.currentHash,
    revokedAt: null,
  });
  const graceFrom = (now: number) => ({ graceFrom: new Date(now), lastUsedAt: new Date(now) });
  const updateOne = (filter: QueryFilter<SessionRecord>, update: UpdateQuery<SessionRecord>) =>
    one(model.findOneAndUpdate(filter, update, { returnDocument: 'after' }));
  // The driver's collection, for the one write of the common case: mongoose has nothing to cast in it.
  const native = model.db.collection<SessionRecord>(model.collection.collectionName);

  return {
    async insert(record: SessionRecord): Promise<void> {
      await withTimeout(model.create(record));
    },

    find: (sessionId: string): Promise<SessionRecord | undefined> => one(model.findById(sessionId)),

    /** The `rotate` row of the protocol in one write; `undefined` if the session is in any other state. */
    async rotate(rotation: Rotation): Promise<SessionRecord | undefined> {
      const { presented, now } = rotation;
      const filter = rotateFilter(presented.sessionId, presented, { now, graceMs });
      const update = rotationUpdate(rotation, { idleMs, movedFrom: presented.generation });
      const rotated = await withTimeout(native.findOneAndUpdate(filter, update, { returnDocument: 'after' }));
      return rotated ?? undefined;
    },

    /** Rotates from a generation ahead of the database, if the session is still as it was `seen`. */
    heal: (rotation: Rotation, seen: SessionRecord): Promise<SessionRecord | undefined> =>
      updateOne(unchanged(seen), rotationUpdate(rotation, { idleMs, movedFrom: seen.generation })),

    /** Starts a grace period at `now`, if the session is still as it was `seen`. */
    openGrace: (seen: SessionRecord, now: number): Promise<SessionRecord | undefined> =>
      updateOne(unchanged(seen), { $set: graceFrom(now) }),

    /**
     * Starts a grace period at `now` and counts the current generation as unused, if the session is still as it was
     * `seen`.
     */
    forgive: (seen: SessionRecord, now: number): Promise<SessionRecord | undefined> => {
      const unused = { acknowledged: seen.generation - 1, rotatedAt: new Date(now), healed: false };
      return updateOne(unchanged(seen), { $set: { ...graceFrom(now), ...unused } });
    },

    /**
     * Records that a generation is in use, shown by its access token that was issued at `issuedAt` (seconds). After a
     * rollback of the database a token can be older than the generation of its number; such a token shows nothing.
     */
    async acknowledge(seen: { sessionId: string; generation: number; issuedAt: number }): Promise<void> {
      const { sessionId, generation, issuedAt } = seen;
      // `issuedAt` is rounded down to seconds.
      const rotatedAt = { $lt: new Date((issuedAt + 1) * 1000) };
      const filter = { _id: sessionId, generation, rotatedAt };
      await run(model.updateOne(filter, { $max: { acknowledged: generation } }));
    },

    /** Ends a session; `undefined` if it had been ended before. */
    revoke: (sessionId: string, reason: RevocationReason): Promise<SessionRecord | undefined> =>
      updateOne({ _id: sessionId, revokedAt: null }, revocation(reason)),

    /** Ends all sessions of a person but `except`. Returns their ids, and how many were live at `now`. */
    async revokeAll(
      userId: string,
      { except, reason, now }: { except?: string | undefined; reason: RevocationReason; now: number },
    ): Promise<{ ended: readonly string[]; live: number }> {
      const others = except === undefined ? {} : { _id: { $ne: except } };
      const filter = { userId, revokedAt: null, ...others };
      const found = await many(model.find(filter, { expiresAt: 1, idleExpiresAt: 1 }));
      const ended = found.map(({ _id }) => _id);
      // Expired sessions are ended too: they may not have expired by another node's clock.
      await run(model.updateMany({ _id: { $in: ended }, revokedAt: null }, revocation(reason)));
      const live = found.filter(
        ({ expiresAt, idleExpiresAt }) => now < expiresAt.getTime() && now < idleExpiresAt.getTime(),
      );
      return { ended, live: live.length };
    },

    /** A person's live sessions, most recently used first. */
    findLive: (userId: string, now: number): Promise<readonly SessionRecord[]> =>
      many(model.find({ userId, ...liveAt(now) }).sort({ lastUsedAt: -1, _id: 1 })),

    /** Replaces the copy of the user in all sessions of that person. */
    async setUser(user: User): Promise<void> {
      await run(model.updateMany({ userId: user.id }, { $set: { user } }));
    },

    /** Removes all personal data from the sessions of a person. The sessions are deleted at `removeAt`. */
    async erase(userId: string, removeAt: number): Promise<void> {
      const end = new Date(removeAt);
      const user: User = { ...NOBODY, roles: [], id: userId, createdAt: end.toISOString() };
      const erasure = { $set: { user, client: { ip: '', userAgent: '' } }, $min: { expiresAt: end } };
      await run(model.updateMany({ userId }, erasure));
    },

    /** The ids of a person's live sessions beyond the `max` most recently used ones. */
    async findSurplus(
      userId: string,
      { max, now }: { max: number; now: number },
    ): Promise<readonly string[]> {
      // The id breaks ties, so that two sign-ins at once end the same sessions.
      const byUse = model.find({ userId, ...liveAt(now) }, { _id: 1 }).sort({ lastUsedAt: -1, _id: 1 });
      const found = await many(byUse.skip(max));
      return found.map(({ _id }) => _id);
    },
  };
}
