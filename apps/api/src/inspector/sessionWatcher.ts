import { withTimeout } from '@latchkey/server';
import type { Connection } from 'mongoose';
import type { SessionView } from './serverView.js';
import type { WatchedSession } from './watchedSessions.js';

const POLL_MS = 200;

interface StoredSession {
  _id: string;
  generation: number;
  acknowledged: number;
  graceFrom: Date | null;
  rotatedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  revokedReason: string | null;
}

export interface SessionWatcherOptions {
  readonly connection: Connection;
  readonly graceMs: number;
  /** Aborts when the process begins to shut down. */
  readonly stopping: AbortSignal;
}

/**
 * Returns a function to call for each new viewer of a session. The stored session is polled while it has viewers,
 * and every change is published.
 */
export function createSessionWatcher(options: SessionWatcherOptions) {
  const { connection, graceMs, stopping } = options;
  const polled = new WeakSet<WatchedSession>();
  const records = connection.collection<StoredSession>('latchkey_sessions');

  async function read(sessionId: string): Promise<SessionView | undefined> {
    const record = await withTimeout(records.findOne({ _id: sessionId }));
    return record ? toView(record, graceMs) : undefined;
  }

  async function follow(watched: WatchedSession) {
    let last = '';
    let up = true;
    while (watched.viewers > 0 && !stopping.aborted) {
      const session = await read(watched.sessionId).catch(() => 'away' as const);
      if (up !== (session !== 'away')) {
        up = !up;
        watched.publish({ type: 'database', up });
      }
      if (session && session !== 'away' && last !== JSON.stringify(session)) {
        last = JSON.stringify(session);
        watched.publish({ type: 'session', session });
      }
      await pause(POLL_MS);
    }
    polled.delete(watched);
  }

  return (watched: WatchedSession) => {
    if (polled.has(watched)) return;
    polled.add(watched);
    void follow(watched);
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function toView(record: StoredSession, graceMs: number): SessionView {
  return {
    generation: record.generation,
    acknowledged: record.acknowledged,
    graceUntil: record.graceFrom && record.graceFrom.getTime() + graceMs,
    rotatedAt: record.rotatedAt.getTime(),
    expiresAt: record.expiresAt.getTime(),
    revokedAt: record.revokedAt?.getTime() ?? null,
    revokedReason: record.revokedReason,
  };
}
