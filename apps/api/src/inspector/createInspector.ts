import express, { type Request, type RequestHandler, Router } from 'express';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { onlyOwnPages } from './onlyOwnPages.js';
import { openEventStream } from './openEventStream.js';
import { carriedToken } from './refreshCookie.js';
import type { Greeting, TroubleOrder } from './serverView.js';
import { createSessionWatcher } from './sessionWatcher.js';
import { addressOf, createThief, type Thief } from './thief.js';
import { watchTraffic } from './traffic.js';
import { createWatchedSessions, type NumberedEvent, type WatchedSession } from './watchedSessions.js';

export interface InspectorOptions {
  readonly connection: Connection;
  readonly allowedOrigins: readonly string[];
  readonly graceMs: number;
  readonly accessTokenMs: number;
  /** Aborts when the process begins to shut down. */
  readonly stopping: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Inspector {
  /** Must come before the middleware of tRPC. */
  readonly traffic: RequestHandler;
  /** Belongs at `/dev/inspector`. */
  readonly router: Router;
  /** The life of a session's access tokens, if it was shortened. */
  lifetimeOf(session: { id: string }): number | undefined;
}

const order: z.ZodType<TroubleOrder> = z.strictObject({
  lifeMs: z.int().min(2_000).max(900_000).nullable().optional(),
  offlineMs: z.int().min(0).max(60_000).optional(),
  lose: z.boolean().optional(),
  spoil: z.boolean().optional(),
});

/**
 * Creates the server's part of the session inspector: a stream of what the server knows about a session, and
 * troubles on purpose. For development only.
 *
 * A request reaches only the session of its refresh cookie. The cookie is not verified: only its holder knows the
 * 144 random bits of the session id.
 */
export function createInspector(options: InspectorOptions): Inspector {
  const { now = Date.now, graceMs, accessTokenMs } = options;
  const sessions = createWatchedSessions(now);
  const follow = createSessionWatcher(options);
  const thieves = new WeakMap<WatchedSession, Thief>();
  const router = Router();
  router.use(onlyOwnPages(options.allowedOrigins), express.json({ limit: '1kb' }));

  router.get('/events', (req, res) => {
    const watched = watchedBy(req);
    if (!watched) return void res.sendStatus(401);
    const greeting: Greeting = { now: now(), graceMs, accessTokenMs, troubles: watched.troubles };
    const send = openEventStream(res);
    send({ name: 'greeting', data: greeting });
    const sendEvent = ({ id, event }: NumberedEvent) => send({ id, data: event });
    watched.after(Number(req.headers['last-event-id'] ?? 0)).forEach(sendEvent);
    watched.viewers++;
    follow(watched);
    const stop = watched.listen(sendEvent);
    const leave = () => void res.end();
    options.stopping.addEventListener('abort', leave, { once: true });
    res.once('close', () => {
      options.stopping.removeEventListener('abort', leave);
      watched.viewers--;
      stop();
    });
  });

  router.post('/troubles', (req, res) => {
    const watched = watchedBy(req);
    if (!watched) return void res.sendStatus(401);
    const asked = order.safeParse(req.body);
    if (!asked.success) return void res.sendStatus(400);
    const { offlineMs, ...change } = asked.data;
    const offlineUntil = offlineMs === undefined ? undefined : now() + offlineMs;
    watched.trouble({ ...change, offlineUntil });
    res.json({ ok: true });
  });

  router.post('/thief', (req, res) => {
    const copy = carriedToken(req);
    const watched = watchedBy(req);
    if (!watched || !copy) return void res.sendStatus(401);
    thieves.get(watched)?.leave();
    thieves.set(watched, createThief({ watched, copy, url: addressOf(req), now }));
    res.json({ ok: true });
  });

  router.post('/thief/strike', async (req, res) => {
    const watched = watchedBy(req);
    const thief = watched && thieves.get(watched);
    if (!thief) return void res.sendStatus(401);
    await thief.strike();
    res.json({ ok: true });
  });

  function watchedBy(req: Request): WatchedSession | undefined {
    const token = carriedToken(req);
    return token && sessions.watch(token.sessionId);
  }

  return {
    traffic: watchTraffic({ sessions, now }),
    router,
    lifetimeOf: ({ id }) => sessions.find(id)?.troubles.lifeMs ?? undefined,
  };
}
