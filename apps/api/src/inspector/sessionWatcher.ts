import { withTimeout } from '@latchkey/server';
import type { Connection } from 'mongoose';
import type { SessionView } from './serverView.js';
import type { WatchedSession } from './watchedSessions.js';

const POLL_MS = 200;

/** The fields of a stored session that are shown. */
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

/** Settings of {@link createSessionWatcher}. */
export interface SessionWatcherOptions {
  readonly connection: Connection;
  readonly graceMs: number;
  /** Aborted once the process begins to shut down. */
  readonly stopping: AbortSignal;
}

/** Reads the stored session again and again while somebody looks, and tells when it has changed. */
export type SessionWatcher = (watched: WatchedSession) => void;

/** Creates the {@link SessionWatcher}: call it for each new viewer; a session is polled once, however many look. */
export function createSessionWatcher(options: SessionWatcherOptions): SessionWatcher {
  const { connection, graceMs, stopping } = options;
  const polled = new WeakSet<WatchedSession>();
  const records = connection.collection<StoredSession>('latchkey_sessions');

  async function read(sessionId: string): Promise<SessionView | undefined> {
    const record = await withTimeout(records.findOne({ _id: sessionId }));
    return record ? toView(record, graceMs) : undefined;
  }

  async function follow(watched: WatchedSession) {
    let told = '';
    let up = true;
    while (watched.viewers > 0 && !stopping.aborted) {
      const session = await read(watched.sessionId).catch(() => 'away' as const);
      if (up !== (session !== 'away')) {
        up = !up;
        watched.tell({ type: 'database', up });
      }
      if (session && session !== 'away' && told !== JSON.stringify(session)) {
        told = JSON.stringify(session);
        watched.tell({ type: 'session', session });
      }
      await pause(POLL_MS);
    }
    polled.delete(watched);
  }

  return (watched) => {
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
