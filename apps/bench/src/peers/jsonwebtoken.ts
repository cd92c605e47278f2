import { createSecretKey, randomBytes } from 'node:crypto';
import { initTRPC, TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import bcrypt from 'bcrypt';
import express from 'express';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { itemInput, readItem } from '../peer/item.js';
import type { CreatePeer } from '../peer/peer.js';
import { PASSWORD } from '../user.js';

/**
 * The middleware that everybody writes once. The variant says how well: `string` gives jsonwebtoken the secret as text,
 * `key` as a key object, `cache` also remembers the tokens that were found genuine.
 */
export const createPeer: CreatePeer = async ({ variant }) => {
  const text = randomBytes(32).toString('base64url');
  const secret = variant === 'string' ? text : createSecretKey(Buffer.from(text));
  const remembered = variant === 'cache' ? new LRUCache<string, jwt.JwtPayload>({ max: 10_000 }) : undefined;

  function verify(token: string): jwt.JwtPayload {
    const payload = jwt.verify(token, secret, { algorithms: ['HS256'] });
    if (typeof payload === 'string') throw new Error('The payload is no object.');
    return payload;
  }

  function verifyRemembering(token: string): jwt.JwtPayload {
    const known = remembered?.get(token);
    if (known?.exp !== undefined && Date.now() < known.exp * 1000) return known;
    const payload = verify(token);
    remembered?.set(token, payload);
    return payload;
  }

  function userOf(authorization: string | undefined) {
    if (!authorization?.startsWith('Bearer ')) return undefined;
    try {
      const { sub, roles } = verifyRemembering(authorization.slice('Bearer '.length));
      return sub === undefined ? undefined : { id: sub, roles };
    } catch {
      return undefined;
    }
  }

  const createContext = ({ req }: CreateExpressContextOptions) => ({
    user: userOf(req.headers.authorization),
  });
  const t = initTRPC.context<Awaited<ReturnType<typeof createContext>>>().create();
  const protectedProcedure = t.procedure.use(({ ctx, next }) => {
    if (ctx.user === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' });
    return next({ ctx: { user: ctx.user } });
  });

  let storedHash: Promise<string> | undefined;
  const passwordInput = z.strictObject({ identifier: z.string(), password: z.string().max(100) });

  const router = t.router({
    // As everybody writes it: bcrypt's own asynchronous call, as often at once as is asked for.
    logIn: t.procedure.input(passwordInput).mutation(async ({ input }) => {
      storedHash ??= bcrypt.hash(PASSWORD, 12);
      if (!(await bcrypt.compare(input.password, await storedHash)))
        throw new TRPCError({ code: 'UNAUTHORIZED' });
      return { ok: true };
    }),
    signIn: t.procedure.mutation(() => ({
      accessToken: jwt.sign({ sub: 'b0a7e1f2c3d4e5f60718293a', roles: ['user'] }, secret, {
        expiresIn: '1h',
      }),
    })),
    item: protectedProcedure.input(itemInput).query(({ input }) => readItem(input)),
  });

  const app = express();
  app.use('/trpc', createExpressMiddleware({ router, createContext }));
  return app;
};
