import { createSecretKey, randomBytes } from 'node:crypto';
import { initTRPC, TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import bcrypt from 'bcrypt';
import express, { type Express } from 'express';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { itemInput, readItem } from '../peer/item.js';
import type { PeerOptions } from '../peer/peer.js';
import { PASSWORD } from '../user.js';

/**
 * The usual hand-written middleware. Variants: `string` gives jsonwebtoken the secret as text, `key` as a key object,
 * `cache` also remembers verified tokens.
 */
export async function createPeer({ variant }: PeerOptions): Promise<Express> {
  const text = randomBytes(32).toString('base64url');
  const secret = variant === 'string' ? text : createSecretKey(Buffer.from(text));
  const userOf = createVerifier(secret, variant === 'cache');
  const createContext = ({ req }: CreateExpressContextOptions) => ({
    user: userOf(req.headers.authorization),
  });
  const t = initTRPC.context<typeof createContext>().create();
  const protectedProcedure = t.procedure.use(({ ctx, next }) => {
    if (ctx.user === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' });
    return next({ ctx: { user: ctx.user } });
  });

  let storedHash: Promise<string> | undefined;
  const passwordInput = z.strictObject({ identifier: z.string(), password: z.string().max(100) });

  const router = t.router({
    // The usual way: bcrypt's asynchronous call, without a limit on calls at once.
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
}

/** Returns a function that verifies the token of an Authorization header and returns its user. */
function createVerifier(secret: jwt.Secret, remembers: boolean) {
  const remembered = remembers ? new LRUCache<string, jwt.JwtPayload>({ max: 10_000 }) : undefined;

  function verify(token: string): jwt.JwtPayload {
    const known = remembered?.get(token);
    if (known?.exp !== undefined && Date.now() < known.exp * 1000) return known;
    const payload = jwt.verify(token, secret, { algorithms: ['HS256'] });
    if (typeof payload === 'string') throw new Error('The payload is not an object.');
    remembered?.set(token, payload);
    return payload;
  }

  return (authorization: string | undefined) => {
    if (!authorization?.startsWith('Bearer ')) return undefined;
    try {
      const { sub, roles } = verify(authorization.slice('Bearer '.length));
      return sub === undefined ? undefined : { id: sub, roles };
    } catch {
      return undefined;
    }
  };
}
