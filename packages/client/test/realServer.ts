import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import { type AuthContext, createAuth } from '@latchkey/server';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import mongoose from 'mongoose';

/** A key of 32 random bytes. */
export const secret = () => randomBytes(32).toString('base64url');

/** Length of an access token's life here. */
export const LIFE = 60_000;

/** A connection to an embedded database of its own. */
export const startDatabase = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-client-'));
  const database = await startEmbeddedMongo({ dataDir });
  const uri = new URL(database.uri);
  uri.pathname = '/client';
  const connection = await mongoose.createConnection(uri.href).asPromise();
  return {
    connection,
    [Symbol.asyncDispose]: async () => {
      await connection.destroy();
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** A host app with the real server in it, on a database of its own, with a clock that the test turns. */
export const startRealServer = async (now: () => number) => {
  const database = await startDatabase();
  const start = Date.now();
  const auth = createAuth({
    mongoose: database.connection,
    appUrl: 'http://localhost:3000',
    production: false,
    accessToken: { keys: [secret()], lifetimeMs: LIFE },
    refreshToken: { keys: [secret()] },
    password: { pepper: secret(), bcryptCost: 4 },
    revocation: { pollMs: 20 },
    clock: () => start + now(),
  });
  await auth.start();

  const t = initTRPC.context<AuthContext>().create({ errorFormatter: auth.errorFormatter });
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
  let writes = 0;
  const router = t.router({
    auth: auth.router,
    write: protectedProcedure.mutation(() => ++writes),
    open: t.procedure.query(() => 'open'),
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

  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    router,
    requests,
    writes: () => writes,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await auth.stop();
      await database[Symbol.asyncDispose]();
    },
  };
};

export type RealRouter = Awaited<ReturnType<typeof startRealServer>>['router'];
