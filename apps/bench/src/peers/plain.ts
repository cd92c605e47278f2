import { randomBytes } from 'node:crypto';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express } from 'express';
import { z } from 'zod';
import { connectDriver } from '../peer/database.js';
import { itemInput, readItem } from '../peer/item.js';
import type { PeerOptions } from '../peer/peer.js';
import { newSession, type SessionDocument } from '../peer/sessionDocument.js';

const SESSION = { id: 'c5f1d0a2' };

/**
 * The baselines: a public query, and a mutation that does one conditional write. The variant `steps` has as many steps in
 * Express as Latchkey, all of them empty.
 */
export async function createPeer({ variant, databaseUri }: PeerOptions): Promise<Express> {
  const client = await connectDriver(databaseUri);
  const sessions = client.db().collection<SessionDocument>('sessions');
  const t = initTRPC.create();

  const router = t.router({
    item: t.procedure.input(itemInput).query(({ input }) => readItem(input)),

    // The cost of tRPC for any guard: one middleware that adds to the context.
    itemWithMiddleware: t.procedure
      .use(({ next }) => next({ ctx: { session: SESSION } }))
      .input(itemInput)
      .query(({ input }) => readItem(input)),

    begin: t.procedure.mutation(async () => {
      const session = newSession({ _id: randomBytes(18).toString('base64url'), hash: '' });
      await sessions.insertOne(session);
      return { id: session._id, generation: session.generation };
    }),

    renew: t.procedure
      .input(z.strictObject({ id: z.string(), generation: z.number().int() }))
      .mutation(async ({ input: { id, generation } }) => {
        const now = new Date();
        const renewed = await sessions.findOneAndUpdate(
          { _id: id, generation, revokedAt: null, expiresAt: { $gt: now } },
          { $set: { generation: generation + 1, lastUsedAt: now } },
          { returnDocument: 'after' },
        );
        if (renewed === null) throw new Error('The session was renewed by another request.');
        return { id: renewed._id, generation: renewed.generation };
      }),
  });

  const app = express();
  if (variant === 'steps') {
    app.use('/trpc', (_req, res, next) => {
      res.setHeader('Cache-Control', 'no-store');
      next();
    });
  }
  app.use('/trpc', createExpressMiddleware({ router, createContext: () => ({}) }));
  return app;
}
