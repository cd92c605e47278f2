import { randomBytes } from 'node:crypto';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { z } from 'zod';
import { connectDriver } from '../peer/database.js';
import { itemInput, readItem } from '../peer/item.js';
import { serve } from '../peer/serve.js';
import { newSession, type SessionDocument } from '../peer/sessionDocument.js';

// The baselines: the query that anybody may call, and one conditional write in a mutation.

const client = await connectDriver();
const sessions = client.db().collection<SessionDocument>('sessions');
const t = initTRPC.create();

const router = t.router({
  item: t.procedure.input(itemInput).query(({ input }) => readItem(input)),

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
      if (renewed === null) throw new Error('The session has moved on.');
      return { id: renewed._id, generation: renewed.generation };
    }),
});

const app = express();
app.use('/trpc', createExpressMiddleware({ router, createContext: () => ({}) }));
await serve(app);
