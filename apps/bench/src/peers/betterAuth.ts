import { randomBytes } from 'node:crypto';
import { initTRPC, TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import { betterAuth } from 'better-auth';
import { mongodbAdapter } from 'better-auth/adapters/mongodb';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import express, { type Express } from 'express';
import { connectDriver } from '../peer/database.js';
import { itemInput, readItem } from '../peer/item.js';
import type { PeerOptions } from '../peer/peer.js';

/**
 * better-auth on MongoDB. Variants: `database` reads the session at each call, `cookieCache` reads it from a signed cookie,
 * `renewing` extends the session at each call.
 */
export async function createPeer({ variant, databaseUri }: PeerOptions): Promise<Express> {
  const client = await connectDriver(databaseUri);
  const auth = betterAuth({
    baseURL: 'http://localhost',
    secret: randomBytes(32).toString('base64url'),
    database: mongodbAdapter(client.db()),
    emailAndPassword: { enabled: true },
    session: {
      cookieCache: { enabled: variant === 'cookieCache', maxAge: 60 * 60 },
      ...(variant === 'renewing' && { updateAge: 0 }),
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });

  const createContext = async ({ req, res }: CreateExpressContextOptions) => {
    const { headers, response } = await auth.api.getSession({
      headers: fromNodeHeaders(req.headers),
      returnHeaders: true,
    });
    for (const cookie of headers.getSetCookie()) res.appendHeader('Set-Cookie', cookie);
    return { session: response };
  };
  const t = initTRPC.context<typeof createContext>().create();
  const protectedProcedure = t.procedure.use(({ ctx, next }) => {
    if (ctx.session === null) throw new TRPCError({ code: 'UNAUTHORIZED' });
    return next({ ctx: { session: ctx.session } });
  });
  const router = t.router({
    item: protectedProcedure.input(itemInput).query(({ input }) => readItem(input)),
    renew: protectedProcedure.mutation(({ ctx }) => ({ expiresAt: ctx.session.session.expiresAt })),
  });

  const app = express();
  app.all('/api/auth/{*path}', toNodeHandler(auth));
  app.use('/trpc', createExpressMiddleware({ router, createContext }));
  return app;
}
