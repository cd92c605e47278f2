import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { setToken } from './refreshCookie.js';
import type { SessionView, ThiefView } from './serverView.js';
import type { WatchedSession } from './watchedSessions.js';

/** How the thief's own client calls itself. */
export const THIEF_AGENT = 'Thief/1.0';

/** For the difference between this process's clock and the database's. */
const MARGIN_MS = 250;

/** A second client with a copy of a session's refresh token. */
export interface Thief {
  /** Presents the copy now, over HTTP, like every client. */
  strike(): Promise<void>;
  /** Throws the copy away. */
  leave(): void;
}

/** Settings of {@link createThief}. */
export interface ThiefOptions {
  readonly watched: WatchedSession;
  /** The cookie that was copied, name and value. */
  readonly copy: { readonly generation: number; readonly pair: string };
  /** Where the server listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly now: () => number;
}

/**
 * Creates a patient thief: it presents its copy once that is superseded, the successor was used and the grace period
 * is over, that is, once nobody could take it for a late tab of the owner's.
 */
export function createThief({ watched, url, now, ...options }: ThiefOptions): Thief {
  let copy = options.copy;
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let isOver = false;

  const tell = (view: Omit<ThiefView, 'generation'>) => {
    const thief = { generation: copy.generation, ...view };
    if (told === JSON.stringify(thief)) return;
    told = JSON.stringify(thief);
    watched.tell({ type: 'thief', thief });
  };

  function plan(session: SessionView) {
    clearTimeout(timer);
    if (isOver) return;
    if (session.revokedAt !== null)
      return finish({ phase: 'gone', strikesAt: null, reason: session.revokedReason });
    const { generation, acknowledged, graceUntil } = session;
    if (generation <= copy.generation) return tell({ phase: 'holding', strikesAt: null, reason: null });
    const strikesAt = acknowledged < generation || graceUntil === null ? null : graceUntil + MARGIN_MS;
    tell({ phase: 'waiting', strikesAt, reason: null });
    if (strikesAt !== null)
      timer = setTimeout(() => void strike().catch(giveUp), Math.max(0, strikesAt - now())).unref();
  }

  /** The server did not answer, as when it is being stopped. */
  const giveUp = () => finish({ phase: 'gone', strikesAt: null, reason: null });

  async function strike() {
    if (isOver) return;
    clearTimeout(timer);
    const answer = await call('auth.refresh', { method: 'POST', headers: { cookie: copy.pair } });
    const reason = answer.body.error?.data.reason ?? null;
    const token = answer.body.result?.data.accessToken;
    copy = setToken(answer.setCookie) ?? copy;
    // The owner has moved on twice meanwhile, and nobody was alarmed: there will be another moment.
    if (reason === 'REFRESH_STALE') return tell({ phase: 'waiting', strikesAt: null, reason });
    if (!token) return finish({ phase: 'refused', strikesAt: null, reason });
    tell({ phase: 'let in', strikesAt: null, reason: null });
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
    tell(view);
    leave();
  }

  const stopListening = watched.listen(({ event }) => {
    if (event.type === 'session') plan(event.session);
  });

  function leave() {
    isOver = true;
    clearTimeout(timer);
    stopListening();
  }

  tell({ phase: 'holding', strikesAt: null, reason: null });
  return { strike, leave };
}

const answerSchema = z.object({
  result: z.object({ data: z.object({ accessToken: z.string().optional() }) }).optional(),
  error: z.object({ data: z.object({ reason: z.string().optional() }) }).optional(),
});

/** The address under which a request has reached this server. */
export function addressOf({ socket }: IncomingMessage): string {
  const host = socket.localFamily === 'IPv6' ? `[${socket.localAddress}]` : socket.localAddress;
  return `http://${host}:${socket.localPort}`;
}
