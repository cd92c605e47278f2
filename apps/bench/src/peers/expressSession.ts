import { initTRPC, TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import MongoStore from 'connect-mongo';
import express, { type Express } from 'express';
import session from 'express-session';
import { connectDriver } from '../peer/database.js';
import { itemInput, readItem } from '../peer/item.js';
import type { PeerOptions } from '../peer/peer.js';

declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}

/** express-session with connect-mongo, as their READMEs set them up. */
export async function createPeer({ databaseUri }: PeerOptions): Promise<Express> {
  const client = await connectDriver(databaseUri);
  const createContext = ({ req }: CreateExpressContextOptions) => ({ userId: req.session.userId });
  const t = initTRPC.context<typeof createContext>().create();
  const protectedProcedure = t.procedure.use(({ ctx, next }) => {
    if (ctx.userId === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' });
    return next({ ctx: { userId: ctx.userId } });
  });
  const router = t.router({
    item: protectedProcedure.input(itemInput).query(({ input }) => readItem(input)),
  });

  const app = express();
  app.use(
    session({
      secret: 'a benchmark keeps no secrets, only this one',
      resave: false,
      saveUninitialized: false,
      store: MongoStore.create({ client }),
    }),
  );
  app.post('/sign-in', (req, res) => {
    req.session.userId = 'b0a7e1f2c3d4e5f60718293a';
    res.json({});
  });
  app.use('/trpc', createExpressMiddleware({ router, createContext }));
  return app;
}
