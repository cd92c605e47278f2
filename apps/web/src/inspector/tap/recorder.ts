import type { TabMark, TokenMark } from './tabMark.js';

const KEPT_MARKS = 400;

/** The recent marks of this tab. Contains no token and no cookie, only the times of their arrival and end. */
export interface Recorder {
  /** Milliseconds since the epoch, unaffected by changes of the wall clock. */
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

/** Creates the recorder of one tab. It drops the oldest marks. */
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
