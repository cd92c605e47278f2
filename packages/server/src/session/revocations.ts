import type { Connection, Model } from 'mongoose';
import type { Clock } from '../clock.js';
import { readDatabaseTime } from '../database/databaseClock.js';
import { many } from '../database/queries.js';
import type { SessionRecord } from './sessionModel.js';

/** Re-reads this much of the past at each poll: a write may become visible after a later-stamped one. */
const OVERLAP_MS = 5_000;

/** How current a node's knowledge of revoked sessions is. */
export interface RevocationFeedStatus {
  /** Milliseconds since the last successful poll; `Infinity` before the first. */
  readonly ageMs: number;
  /**
   * How long the last revocation that another node made was on its way here, by the database's clock;
   * `undefined` before there was one.
   */
  readonly lagMs: number | undefined;
  /** False once the feed has been failing for longer than its limit. */
  readonly healthy: boolean;
}

/** The sessions revoked within the last access-token life, known in memory on every node. */
export interface Revocations {
  /** Loads the recent ones and begins to poll. */
  start(): Promise<void>;
  stop(): Promise<void>;
  has(sessionId: string): boolean;
  /** Makes a revocation by this node known at once. */
  add(sessionId: string): void;
  /** Calls back when a session is found revoked; returns how to stop that. */
  onRevoked(sessionId: string, listener: () => void): () => void;
  status(): RevocationFeedStatus;
}

export interface RevocationsOptions {
  readonly connection: Connection;
  readonly model: Model<SessionRecord>;
  readonly pollMs: number;
  /** How long a revocation must be remembered: the life of an access token. */
  readonly accessTokenLifetimeMs: number;
  /** How long the feed may fail before it counts as unhealthy. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Monotonic milliseconds, for the feed's age. */
  readonly monotonic: Clock;
  readonly onError: (error: unknown) => void;
}

/**
 * A feed of revoked sessions: every node polls the `revokedAt` index, stamped by the database's own
 * clock, so that the guard can refuse a revoked session without a query.
 */
export function createRevocations(options: RevocationsOptions): Revocations {
  const { model, pollMs, accessTokenLifetimeMs, clock, monotonic } = options;
  const forgetAt = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();
  let cursor = 0;
  let polledAt = Number.NEGATIVE_INFINITY;
  let lagMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | undefined;
  let stopped = false;

  const add = (sessionId: string) => {
    if (forgetAt.has(sessionId)) return;
    forgetAt.set(sessionId, clock() + accessTokenLifetimeMs + OVERLAP_MS);
    for (const listener of listeners.get(sessionId) ?? []) listener();
  };
  // Insertion order is order of forgetting, so the scan ends at the first one that must be kept.
  const forget = () => {
    const now = clock();
    for (const [sessionId, at] of forgetAt) {
      if (at > now) return;
      forgetAt.delete(sessionId);
    }
  };
  const poll = async () => {
    const startedAt = monotonic();
    const news = { revokedAt: { $gte: new Date(cursor - OVERLAP_MS) } };
    // A poll that never ended would be the last one.
    const found = await many(model.find(news, { revokedAt: 1 }).sort({ revokedAt: 1 }));
    for (const { _id, revokedAt } of found) {
      const at = revokedAt?.getTime() ?? 0;
      // What was revoked before this node listened was on no way here.
      if (polledAt > 0 && !forgetAt.has(_id)) lagMs = Math.max(0, clock() - at);
      add(_id);
      cursor = Math.max(cursor, at);
    }
    polledAt = startedAt;
    forget();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      polling = poll().catch(options.onError).then(schedule);
    }, pollMs);
    timer.unref();
  };

  return {
    async start() {
      stopped = false;
      // A token signed just before the revocation lives one life longer than the revocation is old.
      cursor = (await readDatabaseTime(options.connection)) - accessTokenLifetimeMs;
      await poll();
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await polling;
    },
    has: (sessionId) => forgetAt.has(sessionId),
    add,
    onRevoked(sessionId, listener) {
      const of = listeners.get(sessionId) ?? new Set();
      listeners.set(sessionId, of.add(listener));
      return () => {
        of.delete(listener);
        if (of.size === 0 && listeners.get(sessionId) === of) listeners.delete(sessionId);
      };
    },
    status() {
      const ageMs = monotonic() - polledAt;
      return { ageMs, lagMs, healthy: ageMs <= options.maxAgeMs };
    },
  };
}
