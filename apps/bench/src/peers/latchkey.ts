import { randomBytes } from 'node:crypto';
import { type AuthContext, createAuth } from '@latchkey/server';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express } from 'express';
import mongoose from 'mongoose';
import { itemInput, readItem } from '../peer/item.js';
import type { PeerOptions } from '../peer/peer.js';

/** Latchkey as a host app uses it. In the variant `storm` a password hash costs what it costs in production. */
export async function createPeer({ variant, databaseUri }: PeerOptions): Promise<Express> {
  const secret = () => randomBytes(32).toString('base64url');
  const connection = await mongoose.createConnection(databaseUri, { autoIndex: false }).asPromise();
  const auth = createAuth({
    mongoose: connection,
    appUrl: 'http://localhost',
    production: false,
    accessToken: { keys: [secret()] },
    // Without a grace period every refresh rotates, and costs a write.
    refreshToken: { keys: [secret()], graceMs: 0 },
    // Only the storm measures hashing.
    password: { pepper: secret(), bcryptCost: variant === 'storm' ? 12 : 4 },
    // All callers share the address of the load generator.
    limits: { login: { address: [] }, register: { address: [] }, 'password-reset': { address: [] } },
    mail: { send: async () => {} },
  });
  await auth.start();

  const t = initTRPC.context<AuthContext>().create({ isDev: false, errorFormatter: auth.errorFormatter });
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
  const router = t.router({
    auth: auth.router,
    item: protectedProcedure.input(itemInput).query(({ input }) => readItem(input)),
    openItem: t.procedure.input(itemInput).query(({ input }) => readItem(input)),
  });

  const app = express();
  app.use('/trpc', auth.express(), createExpressMiddleware({ router, createContext: auth.createContext }));
  return app;
}
