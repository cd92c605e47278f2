import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { setToken } from './refreshCookie.js';
import type { SessionView, ThiefView } from './serverView.js';
import type { WatchedSession } from './watchedSessions.js';

/** The user agent of the thief. */
export const THIEF_AGENT = 'Thief/1.0';

/** Covers the difference between the clocks of this process and the database. */
const MARGIN_MS = 250;

export type Thief = ReturnType<typeof createThief>;

export interface ThiefOptions {
  readonly watched: WatchedSession;
  /** The copied refresh token: its generation, and name and value of its cookie. */
  readonly copy: { readonly generation: number; readonly pair: string };
  /** The server's address, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly now: () => number;
}

/**
 * Creates a patient thief: a second client with a copy of a session's refresh token. It presents the copy when the
 * token is superseded, its successor was used and the grace period is over. Until then it could be a late tab of the
 * owner.
 */
export function createThief({ watched, url, now, ...options }: ThiefOptions) {
  let copy = options.copy;
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  let isOver = false;

  const publish = (view: Omit<ThiefView, 'generation'>) => {
    const thief = { generation: copy.generation, ...view };
    if (last === JSON.stringify(thief)) return;
    last = JSON.stringify(thief);
    watched.publish({ type: 'thief', thief });
  };

  function plan(session: SessionView) {
    clearTimeout(timer);
    if (isOver) return;
    if (session.revokedAt !== null)
      return finish({ phase: 'gone', strikesAt: null, reason: session.revokedReason });
    const { generation, acknowledged, graceUntil } = session;
    if (generation <= copy.generation) return publish({ phase: 'holding', strikesAt: null, reason: null });
    const strikesAt = acknowledged < generation || graceUntil === null ? null : graceUntil + MARGIN_MS;
    publish({ phase: 'waiting', strikesAt, reason: null });
    if (strikesAt !== null)
      timer = setTimeout(() => void strike().catch(giveUp), Math.max(0, strikesAt - now())).unref();
  }

  /** The server does not answer, for example because it is shutting down. */
  const giveUp = () => finish({ phase: 'gone', strikesAt: null, reason: null });

  /** Presents the copy now, over HTTP. */
  async function strike() {
    if (isOver) return;
    clearTimeout(timer);
    const answer = await call('auth.refresh', { method: 'POST', headers: { cookie: copy.pair } });
    const reason = answer.body.error?.data.reason ?? null;
    const token = answer.body.result?.data.accessToken;
    copy = setToken(answer.setCookie) ?? copy;
    // The owner has refreshed twice meanwhile, which raises no alarm: try again later.
    if (reason === 'REFRESH_STALE') return publish({ phase: 'waiting', strikesAt: null, reason });
    if (!token) return finish({ phase: 'refused', strikesAt: null, reason });
    publish({ phase: 'let in', strikesAt: null, reason: null });
    await call('whoami', { headers: { authorization: `Bearer ${token}`, cookie: copy.pair } });
  }

  async function call(path: string, init: { method?: string; headers: Record<string, string> }) {
    const headers = {
      'content-type': 'application/json',
      'x-latchkey': '1',
      'user-agent': THIEF_AGENT,
      ...init.headers,
    };
    const res = await fetch(`${url}/trpc/${path}`, { ...init, headers });
    const body = answerSchema.parse(await res.json());
    return { setCookie: res.headers.getSetCookie(), body };
  }

  function finish(view: Omit<ThiefView, 'generation'>) {
    isOver = true;
    publish(view);
    leave();
  }

  const stopListening = watched.listen(({ event }) => {
    if (event.type === 'session') plan(event.session);
  });

  /** Gives up the copy. */
  function leave() {
    isOver = true;
    clearTimeout(timer);
    stopListening();
  }

  publish({ phase: 'holding', strikesAt: null, reason: null });
  return { strike, leave };
}

const answerSchema = z.object({
  result: z.object({ data: z.object({ accessToken: z.string().optional() }) }).optional(),
  error: z.object({ data: z.object({ reason: z.string().optional() }) }).optional(),
});

/** Returns the address of this server that a request has reached. */
export function addressOf({ socket }: IncomingMessage): string {
  const host = socket.localFamily === 'IPv6' ? `[${socket.localAddress}]` : socket.localAddress;
  return `http://${host}:${socket.localPort}`;
}
