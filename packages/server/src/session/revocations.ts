import type { Connection, Model } from 'mongoose';
import type { Clock } from '../clock.js';
import { readDatabaseTime } from '../database/databaseClock.js';
import { many } from '../database/queries.js';
import type { SessionRecord } from './sessionModel.js';

/** Each poll reads this much of the past again: a write can become visible after one with a later stamp. */
const OVERLAP_MS = 5_000;

/** How current a node's list of revoked sessions is. */
export interface RevocationFeedStatus {
  /** Milliseconds since the last successful poll; `Infinity` before the first. */
  readonly ageMs: number;
  /**
   * How long the last revocation by another node took to arrive here, by the database's clock; `undefined` before the
   * first.
   */
  readonly lagMs: number | undefined;
  /** False once the feed has failed for longer than its limit. */
  readonly healthy: boolean;
}

/**
 * The sessions revoked within the last lifetime of an access token, in memory, so that the guard refuses them without
 * a query. Every node polls the `revokedAt` index, which the database stamps by its own clock.
 */
export type Revocations = ReturnType<typeof createRevocations>;

export function createRevocations(options: {
  connection: Connection;
  model: Model<SessionRecord>;
  pollMs: number;
  /** How long a revocation is remembered. */
  accessTokenLifetimeMs: number;
  /** How long the feed may fail before it counts as unhealthy. */
  maxAgeMs: number;
  clock: Clock;
  /** Monotonic milliseconds, for the age of the feed. */
  monotonic: Clock;
  onError: (error: unknown) => void;
}) {
  const { model, pollMs, accessTokenLifetimeMs, clock, monotonic } = options;
  const forgetAt = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();
  let cursor = 0;
  let polledAt = Number.NEGATIVE_INFINITY;
  let lagMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | undefined;
  let stopped = false;

  function add(sessionId: string): void {
    if (forgetAt.has(sessionId)) return;
    forgetAt.set(sessionId, clock() + accessTokenLifetimeMs + OVERLAP_MS);
    for (const listener of listeners.get(sessionId) ?? []) listener();
  }

  /** The map is in the order of forgetting, so the scan ends at the first session that must be kept. */
  function forget(): void {
    const now = clock();
    for (const [sessionId, at] of forgetAt) {
      if (at > now) return;
      forgetAt.delete(sessionId);
    }
  }

  async function poll(): Promise<void> {
    const startedAt = monotonic();
    const news = { revokedAt: { $gte: new Date(cursor - OVERLAP_MS) } };
    const found = await many(model.find(news, { revokedAt: 1 }).sort({ revokedAt: 1 }));
    for (const { _id, revokedAt } of found) {
      const at = revokedAt?.getTime() ?? 0;
      // Sessions revoked before the first poll did not travel here.
      if (polledAt > 0 && !forgetAt.has(_id)) lagMs = Math.max(0, clock() - at);
      add(_id);
      cursor = Math.max(cursor, at);
    }
    polledAt = startedAt;
    forget();
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      polling = poll().catch(options.onError).then(schedule);
    }, pollMs);
    timer.unref();
  }

  return {
    /** Loads the recent revocations and starts to poll. */
    async start(): Promise<void> {
      stopped = false;
      // A token signed just before a revocation is valid for its whole lifetime after it.
      cursor = (await readDatabaseTime(options.connection)) - accessTokenLifetimeMs;
      await poll();
      schedule();
    },

    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await polling;
    },

    has: (sessionId: string): boolean => forgetAt.has(sessionId),

    /** Makes a revocation by this node known at once. */
    add,

    /** Calls `listener` when a session is found revoked. Returns a function that removes the listener. */
    onRevoked(sessionId: string, listener: () => void): () => void {
      const ofSession = listeners.get(sessionId) ?? new Set();
      listeners.set(sessionId, ofSession.add(listener));
      return () => {
        ofSession.delete(listener);
        if (ofSession.size === 0 && listeners.get(sessionId) === ofSession) listeners.delete(sessionId);
      };
    },

    status(): RevocationFeedStatus {
      const ageMs = monotonic() - polledAt;
      return { ageMs, lagMs, healthy: ageMs <= options.maxAgeMs };
    },
  };
}
