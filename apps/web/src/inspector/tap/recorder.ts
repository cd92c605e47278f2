import type { TabMark, TokenMark } from './tabMark.js';

const KEPT_MARKS = 400;

/** What has happened in this tab lately. Holds no token and no cookie, only when they came and when they end. */
export interface Recorder {
  /** Milliseconds since the epoch that no change of the clock disturbs. */
  now(): number;
  /** An id for a new mark. */
  nextId(): string;
  /** Adds a mark, or changes the one with the same id. */
  put(mark: TabMark): void;
  marks(): readonly TabMark[];
  /** The access token in use. */
  token(): TokenMark | undefined;
  listen(listener: (mark: TabMark) => void): () => void;
}

/** Creates the recorder of one tab; the oldest marks are forgotten. */
export function createRecorder(): Recorder {
  const marks = new Map<string, TabMark>();
  const listeners = new Set<(mark: TabMark) => void>();
  let token: TokenMark | undefined;
  let count = 0;
  return {
    now: () => performance.timeOrigin + performance.now(),
    nextId: () => String(++count),
    put: (mark) => {
      marks.set(mark.id, mark);
      if (mark.kind === 'token') token = mark;
      if (mark.kind === 'status' && (mark.status === 'ended' || mark.status === 'anonymous'))
        token = undefined;
      for (const oldest of marks.keys()) {
        if (marks.size <= KEPT_MARKS) break;
        marks.delete(oldest);
      }
      for (const listener of listeners) listener(mark);
    },
    marks: () => [...marks.values()],
    token: () => token,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
