import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { initTRPC, TRPCError, tracked } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { AuthReason, Credentials, Timers, User } from '../src/index.js';
import { createFeed } from './feed.js';

class Refusal extends Error {
  readonly reason: AuthReason;
  readonly fields: Record<string, string[]> | undefined;
  constructor(reason: AuthReason, fields?: Record<string, string[]>) {
    super(reason);
    this.reason = reason;
    this.fields = fields;
  }
}

export interface Context {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly response: ServerResponse | undefined;
}

interface SessionRow {
  readonly user: User;
  generation: number;
  rotatedAt: number;
  acknowledged: number;
  over: AuthReason | undefined;
}

function refuse(reason: AuthReason, fields?: Record<string, string[]>) {
  return new TRPCError({ code: 'UNAUTHORIZED', message: reason, cause: new Refusal(reason, fields) });
}

const GRACE = 30_000;

/**
 * A small auth server on loopback: real HTTP and real tRPC around a model of the session protocol, with its clock
 * in the test's hands.
 */
export async function startAuthServer(
  now: () => number,
  { life = 60, timers = globalThis }: { life?: number; timers?: Timers } = {},
) {
  const t = initTRPC.context<Context>().create({
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        ...(error.cause instanceof Refusal && { reason: error.cause.reason, fields: error.cause.fields }),
      },
    }),
  });
  const sessions = new Map<string, SessionRow>();
  const tokens = new Map<string, { sid: string; generation: number; until: number }>();
  const notes: string[] = [];
  let issued = 0;
  const feed = createFeed();
  const streams = { opened: 0, open: 0 };

  const credentials = (sid: string, response: ServerResponse | undefined): Credentials => {
    const row = sessions.get(sid);
    if (!row) throw refuse('REFRESH_INVALID');
    const accessToken = `token-${++issued}`;
    tokens.set(accessToken, { sid, generation: row.generation, until: now() + life * 1000 });
    response?.setHeader('set-cookie', `refresh=${sid}.${row.generation}; HttpOnly; Path=/`);
    const session = { id: sid, generation: row.generation, expiresAt: '2030-01-01T00:00:00.000Z' };
    return { user: row.user, session, accessToken, expiresIn: life };
  };

  const signIn = (username: string, response: ServerResponse | undefined) => {
    const sid = `s${sessions.size}`;
    const user = {
      id: `id-${username}`,
      username,
      email: `${username}@example.org`,
      emailVerified: false,
      roles: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    sessions.set(sid, { user, generation: 0, rotatedAt: -GRACE, acknowledged: 0, over: undefined });
    return credentials(sid, response);
  };

  const presented = (cookie: string | undefined) => {
    const [sid, generation] = /refresh=([^;]+)/.exec(cookie ?? '')?.[1]?.split('.') ?? [];
    return sid ? { sid, generation: Number(generation), row: sessions.get(sid) } : undefined;
  };

  const refresh = ({ cookie, response }: Context) => {
    const token = presented(cookie);
    if (!token) throw refuse('REFRESH_MISSING');
    const { sid, generation, row } = token;
    if (!row) throw refuse('REFRESH_INVALID');
    if (row.over) throw refuse(row.over);
    const inGrace = now() - row.rotatedAt < GRACE;
    if (generation === row.generation) {
      if (!inGrace) Object.assign(row, { generation: generation + 1, rotatedAt: now() });
    } else if (generation < row.generation - 1 && inGrace) throw refuse('REFRESH_STALE');
    else if (!inGrace && (generation < row.generation - 1 || row.acknowledged >= row.generation)) {
      row.over = 'SESSION_REVOKED';
      throw refuse('REFRESH_REUSED');
    }
    return credentials(sid, response);
  };

  const guarded = t.procedure.use(({ ctx, next }) => {
    const token = /^Bearer (.+)$/.exec(ctx.authorization ?? '')?.[1];
    if (!token) throw refuse('TOKEN_MISSING');
    const grant = tokens.get(token);
    if (!grant) throw refuse('TOKEN_INVALID');
    if (now() >= grant.until) throw refuse('TOKEN_EXPIRED');
    const row = sessions.get(grant.sid);
    if (!row || row.over) throw refuse(row?.over ?? 'TOKEN_INVALID');
    row.acknowledged = Math.max(row.acknowledged, grant.generation);
    return next({ ctx: { user: row.user, until: grant.until } });
  });

  const text = (value: unknown) => {
    if (typeof value !== 'string') throw new TRPCError({ code: 'BAD_REQUEST' });
    return value;
  };
  const form = (value: unknown) => value as { identifier?: string; username?: string; password: string };

  const router = t.router({
    auth: t.router({
      login: t.procedure.input(form).mutation(({ input, ctx }) => {
        if (input.password !== 'right') throw refuse('INVALID_CREDENTIALS', { password: ['Wrong password'] });
        return signIn(String(input.identifier), ctx.response);
      }),
      register: t.procedure
        .input(form)
        .mutation(({ input, ctx }) => signIn(String(input.username), ctx.response)),
      refresh: t.procedure.mutation(({ ctx }) => refresh(ctx)),
      logout: t.procedure.mutation(({ ctx }) => {
        const row = presented(ctx.cookie)?.row;
        if (row) row.over = 'SESSION_REVOKED';
        ctx.response?.setHeader('set-cookie', 'refresh=; Max-Age=0; Path=/');
        return { ok: true };
      }),
    }),
    whoAmI: guarded.query(({ ctx }) => ctx.user.username),
    echo: guarded.input(text).query(({ input }) => input),
    addNote: guarded.input(text).mutation(({ input }) => notes.push(input)),
    ping: t.procedure.query(() => 'pong'),
    events: guarded.input(z.object({ lastEventId: z.string().optional() })).subscription(async function* ({
      ctx,
      input,
      signal,
    }) {
      const end = new AbortController();
      const stop = () => end.abort();
      const timer = timers.setTimeout(() => end.abort(refuse('TOKEN_EXPIRED')), ctx.until - now());
      signal?.addEventListener('abort', stop);
      if (signal?.aborted) stop();
      streams.opened += 1;
      streams.open += 1;
      try {
        for await (const position of feed.after(Number(input.lastEventId ?? 0), end.signal))
          yield tracked(String(position), position);
        throw end.signal.reason;
      } finally {
        streams.open -= 1;
        timers.clearTimeout(timer);
      }
    }),
    refusing: guarded.query(() => {
      throw new TRPCError({ code: 'UNAUTHORIZED', message: 'the resolver says no' });
    }),
    stepUp: guarded.query(() => {
      throw refuse('STEP_UP_REQUIRED');
    }),
  });

  const serve = createHTTPHandler({
    router,
    createContext: ({ req, res }) => ({
      authorization: req.headers.authorization,
      cookie: req.headers.cookie,
      response: res,
    }),
  });

  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  applyWSSHandler({
    wss: sockets,
    router,
    createContext: ({ info }) => ({
      authorization: info.connectionParams?.authorization,
      cookie: undefined,
      response: undefined,
    }),
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the server has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    socketUrl: `ws://127.0.0.1:${address.port}`,
    router,
    notes,
    feed,
    streams,
    /** Cuts every connection, as a restart or a proxy does. */
    cut: () => {
      server.closeAllConnections();
      for (const socket of sockets.clients) socket.terminate();
    },
    /** Ends the session as another device would. */
    endSession: (sid: string, reason: AuthReason = 'SESSION_REVOKED') => {
      const row = sessions.get(sid);
      if (row) row.over = reason;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type AuthServer = Awaited<ReturnType<typeof startAuthServer>>;
export type TestRouter = AuthServer['router'];
