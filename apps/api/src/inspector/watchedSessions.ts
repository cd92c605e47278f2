import type { ServerEvent, TimedServerEvent, Troubles } from './serverView.js';

const MAX_SESSIONS = 200;
const KEPT_EVENTS = 500;

/** An event and its number, by which a stream that was broken goes on. */
export interface NumberedEvent {
  readonly id: number;
  readonly event: TimedServerEvent;
}

/** One session that somebody inspects. */
export interface WatchedSession {
  readonly sessionId: string;
  troubles: Troubles;
  /** How many streams show it at the moment. */
  viewers: number;
  tell(event: ServerEvent): void;
  /** The kept events behind a number. */
  after(id: number): readonly NumberedEvent[];
  /** Calls back at every event; returns how to stop. */
  listen(listener: (entry: NumberedEvent) => void): () => void;
  /** What is left out stays as it is. */
  trouble(change: { [K in keyof Troubles]?: Troubles[K] | undefined }): void;
}

/** The sessions that somebody inspects or has inspected lately. */
export interface WatchedSessions {
  find(sessionId: string): WatchedSession | undefined;
  /** Finds it, or begins to watch it. */
  watch(sessionId: string): WatchedSession;
}

/** Creates the collection; the sessions first watched are forgotten when there are too many. */
export function createWatchedSessions(now: () => number): WatchedSessions {
  const sessions = new Map<string, WatchedSession>();
  return {
    find: (sessionId) => sessions.get(sessionId),
    watch(sessionId) {
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
    tell(event) {
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
      watched.tell({ type: 'troubles', troubles: watched.troubles });
    },
  };
  return watched;
}
