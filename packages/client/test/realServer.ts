import { once } from 'node:events';
import { type AuthContext, createAuth } from '@latchkey/server';
import { initTRPC, tracked } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { octetInputParser } from '@trpc/server/http';
import express from 'express';
import superjson from 'superjson';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { secret, startDatabase } from './database.js';
import { createFeed } from './feed.js';
import { createGate } from './setup.js';

/** What a {@link startRealServer} is made with. */
export interface RealServerOptions {
  readonly now: () => number;
  /** Of an access token. */
  readonly lifetimeMs: number;
  /** How long a replaced refresh token may still be answered. */
  readonly graceMs?: number;
  readonly transport?: 'bearer' | 'cookie';
}

function toStream(input: unknown): ReadableStream<Uint8Array> {
  if (input instanceof ReadableStream) return input;
  throw new TypeError('not a stream');
}

/** A host app with the real server and its own database. It speaks every transport of tRPC: batches, streams, forms, files, server-sent events, WebSockets. */
export async function startRealServer({
  now,
  lifetimeMs,
  graceMs = 30_000,
  transport = 'bearer',
}: RealServerOptions) {
  const database = await startDatabase();
  const start = Date.now();
  let ahead = 0;
  const auth = createAuth({
    mongoose: database.connection,
    appUrl: 'http://localhost:3000',
    production: false,
    accessToken: { keys: [secret()], lifetimeMs, transport },
    refreshToken: { keys: [secret()], graceMs },
    password: { pepper: secret(), bcryptCost: 4 },
    revocation: { pollMs: 20 },
    clock: () => start + ahead + now(),
  });
  await auth.start();

  const t = initTRPC
    .context<AuthContext>()
    .create({ transformer: superjson, errorFormatter: auth.errorFormatter });
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
  const feed = createFeed();
  let gate = createGate();
  let waiting = 0;
  const received: unknown[] = [];
  const streams = { opened: 0, open: 0 };
  const receive = async (stream: ReadableStream<Uint8Array>) => {
    let size = 0;
    for await (const chunk of stream) size += chunk.length;
    received.push(size);
    return { size };
  };
  const resumable = z.object({ label: z.string(), lastEventId: z.string().optional() });

  const router = t.router({
    auth: auth.router,
    open: t.procedure.query(() => 'open'),
    echo: protectedProcedure.input(z.date()).query(({ input }) => input),
    whenOpened: protectedProcedure.query(async () => {
      waiting += 1;
      await gate.opened;
      return new Date(0);
    }),
    write: protectedProcedure.input(z.date()).mutation(({ input }) => received.push(input)),
    upload: protectedProcedure.input(z.instanceof(FormData)).mutation(async ({ input }) => {
      const file = input.get('file');
      received.push(file instanceof File ? await file.text() : file);
      return { name: input.get('name') };
    }),
    bytes: protectedProcedure.input(octetInputParser).mutation(({ input }) => receive(input)),
    pour: protectedProcedure.input(toStream).mutation(({ input }) => receive(input)),
    events: protectedProcedure.input(resumable).subscription(async function* ({ ctx, input, signal }) {
      const ended = auth.streamSignal(ctx.session, signal);
      streams.opened += 1;
      streams.open += 1;
      try {
        for await (const position of feed.after(Number(input.lastEventId ?? 0), ended))
          yield tracked(String(position), { position, label: input.label, at: new Date(position) });
        throw ended.reason;
      } finally {
        streams.open -= 1;
      }
    }),
  });

  const requests: string[] = [];
  const app = express();
  app.use((request, _response, next) => {
    requests.push(request.path.replace('/trpc/', ''));
    next();
  });
  app.use(
    '/trpc',
    auth.express(),
    createExpressMiddleware({ router, createContext: auth.createContext, maxBatchSize: 20 }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the server has no port');

  const sockets = new WebSocketServer({ server, path: '/socket' });
  applyWSSHandler({ wss: sockets, router, createContext: auth.createSocketContext });

  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    socketUrl: `ws://127.0.0.1:${address.port}/socket`,
    router,
    requests,
    received,
    streams,
    feed,
    /** How many calls of `whenOpened` were let in since. */
    waiting: () => waiting,
    /** Makes `whenOpened` wait from now on; returns how to let it go. */
    hold: () => {
      gate = createGate();
      waiting = 0;
      return gate.open;
    },
    sockets: sockets.clients,
    refreshes: () => requests.filter((path) => path === 'auth.refresh').length,
    /** Makes every access token end now, while the clients take theirs for good. */
    endTokens: () => {
      ahead += lifetimeMs + 1000;
    },
    /** Cuts every connection, as a restart or a proxy does. */
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await auth.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

export type RealServer = Awaited<ReturnType<typeof startRealServer>>;
export type RealRouter = RealServer['router'];
