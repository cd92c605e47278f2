import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { initTRPC, TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express, type Response } from 'express';
import jwt from 'jsonwebtoken';
import { connectDriver } from '../peer/database.js';
import type { PeerOptions } from '../peer/peer.js';
import { newSession, type SessionDocument } from '../peer/sessionDocument.js';

/**
 * A good hand-written refresh: a random token in a cookie, one write that compares and replaces its hash, and a signed
 * access token.
 */
export async function createPeer({ databaseUri }: PeerOptions): Promise<Express> {
  const client = await connectDriver(databaseUri);
  const sessions = client.db().collection<SessionDocument>('sessions');
  const key = createSecretKey(randomBytes(32));
  const COOKIE = 'refresh';

  const newSecret = () => randomBytes(32).toString('base64url');
  const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

  function readCookie(cookies: string | undefined): { id: string; secret: string } | undefined {
    const cookie = cookies?.split('; ').find((pair) => pair.startsWith(`${COOKIE}=`));
    const [id, secret] = cookie?.slice(COOKIE.length + 1).split('.') ?? [];
    return id === undefined || secret === undefined ? undefined : { id, secret };
  }

  function sendCredentials(res: Response, { session, secret }: { session: SessionDocument; secret: string }) {
    const { _id: id, userId, roles } = session;
    res.cookie(COOKIE, `${id}.${secret}`, { httpOnly: true, sameSite: 'lax', path: '/' });
    const accessToken = jwt.sign({ sub: userId, roles, sid: id }, key, { expiresIn: '15m' });
    return { user: { id: userId, roles }, accessToken, expiresIn: 900 };
  }

  const createContext = ({ req, res }: CreateExpressContextOptions) => ({ req, res });
  const t = initTRPC.context<typeof createContext>().create();

  const router = t.router({
    signIn: t.procedure.mutation(async ({ ctx: { res } }) => {
      const secret = newSecret();
      const session = newSession({ _id: randomBytes(18).toString('base64url'), hash: hashOf(secret) });
      await sessions.insertOne(session);
      return sendCredentials(res, { session, secret });
    }),

    renew: t.procedure.mutation(async ({ ctx: { req, res } }) => {
      const token = readCookie(req.headers.cookie);
      if (token === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' });
      const secret = newSecret();
      const now = new Date();
      const session = await sessions.findOneAndUpdate(
        { _id: token.id, hash: hashOf(token.secret), revokedAt: null, expiresAt: { $gt: now } },
        { $set: { hash: hashOf(secret), lastUsedAt: now }, $inc: { generation: 1 } },
        { returnDocument: 'after' },
      );
      if (session === null) throw new TRPCError({ code: 'UNAUTHORIZED' });
      return sendCredentials(res, { session, secret });
    }),
  });

  const app = express();
  app.use('/trpc', createExpressMiddleware({ router, createContext }));
  return app;
}
