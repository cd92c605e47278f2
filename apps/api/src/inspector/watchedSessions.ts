import type { ServerEvent, TimedServerEvent, Troubles } from './serverView.js';

const MAX_SESSIONS = 200;
const KEPT_EVENTS = 500;

/** A broken stream resumes after the `id` of its last event. */
export interface NumberedEvent {
  readonly id: number;
  readonly event: TimedServerEvent;
}

/** A session that is or was inspected. */
export interface WatchedSession {
  readonly sessionId: string;
  troubles: Troubles;
  /** How many streams show it now. */
  viewers: number;
  publish(event: ServerEvent): void;
  /** The kept events after a number. */
  after(id: number): readonly NumberedEvent[];
  /** Calls the listener with every event. Returns a function that stops that. */
  listen(listener: (entry: NumberedEvent) => void): () => void;
  /** Changes the given troubles. */
  trouble(change: { [K in keyof Troubles]?: Troubles[K] | undefined }): void;
}

export type WatchedSessions = ReturnType<typeof createWatchedSessions>;

/** Creates the collection of inspected sessions. Beyond 200, the oldest ones are forgotten. */
export function createWatchedSessions(now: () => number) {
  const sessions = new Map<string, WatchedSession>();
  return {
    find: (sessionId: string) => sessions.get(sessionId),
    /** Finds the session, or begins to watch it. */
    watch(sessionId: string) {
      const known = sessions.get(sessionId);
      if (known) return known;
      const created = createWatchedSession(sessionId, now);
      sessions.set(sessionId, created);
      for (const oldest of sessions.keys()) {
        if (sessions.size <= MAX_SESSIONS) break;
        sessions.delete(oldest);
      }
      return created;
    },
  };
}

function createWatchedSession(sessionId: string, now: () => number): WatchedSession {
  const kept: NumberedEvent[] = [];
  const listeners = new Set<(entry: NumberedEvent) => void>();
  let lastId = 0;
  const watched: WatchedSession = {
    sessionId,
    troubles: { lifeMs: null, offlineUntil: 0, lose: false, spoil: false },
    viewers: 0,
    publish(event) {
      const entry = { id: ++lastId, event: { ...event, at: now() } };
      kept.push(entry);
      if (kept.length > KEPT_EVENTS) kept.shift();
      for (const listener of listeners) listener(entry);
    },
    after: (id) => kept.filter((entry) => entry.id > id),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    trouble({ lifeMs, offlineUntil, lose, spoil }) {
      const before = watched.troubles;
      watched.troubles = {
        lifeMs: lifeMs === undefined ? before.lifeMs : lifeMs,
        offlineUntil: offlineUntil ?? before.offlineUntil,
        lose: lose ?? before.lose,
        spoil: spoil ?? before.spoil,
      };
      watched.publish({ type: 'troubles', troubles: watched.troubles });
    },
  };
  return watched;
}
