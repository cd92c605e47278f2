import type { Request, RequestHandler, Response } from 'express';
import { carriedToken, setToken } from './refreshCookie.js';
import type { RequestView } from './serverView.js';
import { THIEF_AGENT } from './thief.js';
import type { WatchedSession, WatchedSessions } from './watchedSessions.js';

const REFRESH_PATH = 'auth.refresh';
/** A browser repeats a request by itself if the connection broke before any answer. The repeat is lost too. */
const RESEND_MS = 500;
const MAX_KEPT_BODY = 64 * 1024;

export interface TrafficOptions {
  readonly sessions: WatchedSessions;
  readonly now: () => number;
}

/** Publishes every request of a watched session, and causes the ordered troubles. Must come before tRPC. */
export function watchTraffic({ sessions, now }: TrafficOptions): RequestHandler {
  const losingUntil = new WeakMap<WatchedSession, number>();

  /** Whether the answer to this request must be lost. The order counts for one answer. */
  function isToBeLost(watched: WatchedSession, path: string): boolean {
    if (path !== REFRESH_PATH) return false;
    if (!watched.troubles.lose) return now() < (losingUntil.get(watched) ?? 0);
    losingUntil.set(watched, now() + RESEND_MS);
    watched.trouble({ lose: false });
    return true;
  }

  return (req, res, next) => {
    const token = carriedToken(req);
    const watched = token && sessions.find(token.sessionId);
    if (!watched) return next();
    const startedAt = now();
    const path = req.path.slice(1);
    const from = req.headers['user-agent'] === THIEF_AGENT ? 'thief' : 'browser';
    const publish = (outcome: Pick<RequestView, 'fate' | 'reasons' | 'refresh' | 'spoiled' | 'status'>) =>
      watched.publish({ type: 'request', request: { from, path, took: now() - startedAt, ...outcome } });

    const isOwn = from === 'browser';
    if (isOwn && now() < watched.troubles.offlineUntil) {
      publish({ fate: 'unheard', reasons: [], refresh: null, spoiled: false, status: 0 });
      req.socket.destroy();
      return;
    }
    const spoiled = isOwn && watched.troubles.spoil && spoilToken(req);
    if (spoiled) watched.trouble({ spoil: false });
    const fate = isOwn && isToBeLost(watched, path) ? 'lost' : 'answered';
    const body = interceptAnswer(res, { lost: fate === 'lost' });
    res.once('close', () => {
      const refresh =
        path === REFRESH_PATH
          ? {
              presented: token.generation,
              answered: setToken(res.getHeader('set-cookie'))?.generation ?? null,
            }
          : null;
      publish({ fate, reasons: reasonsIn(body()), refresh, spoiled, status: res.statusCode });
    });
    next();
  };
}

/** Breaks the signature of the access token. Returns false if the request has no token. */
function spoilToken(req: Request): boolean {
  const at = req.rawHeaders.findIndex((name, index) => index % 2 === 0 && /^authorization$/i.test(name));
  const value = req.rawHeaders[at + 1];
  if (at < 0 || value === undefined) return false;
  const spoiled = value.replace(/\.[^.]*$/, '.spoiled');
  req.rawHeaders[at + 1] = spoiled;
  req.headers.authorization = spoiled;
  return true;
}

/** Keeps the beginning of the answer. If it must be `lost`, cuts the connection instead of sending it. */
function interceptAnswer(res: Response, { lost }: { lost: boolean }): () => string {
  const { write, end } = res;
  let kept = '';
  const keep = (chunk: unknown) => {
    const isText = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (isText && kept.length < MAX_KEPT_BODY) kept += Buffer.from(chunk).toString('utf8');
  };
  res.write = (...args: unknown[]) => {
    keep(args[0]);
    return lost || Reflect.apply(write, res, args);
  };
  res.end = (...args: unknown[]) => {
    keep(args[0]);
    if (!lost) return Reflect.apply(end, res, args);
    res.socket?.destroy();
    return res;
  };
  return () => kept;
}

function reasonsIn(body: string) {
  return [...body.matchAll(/"reason":"([A-Z_]+)"/g)].map(([, reason = '']) => reason);
}
