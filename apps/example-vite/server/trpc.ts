import { randomUUID } from 'node:crypto';
import type { AuthContext } from '@latchkey/server';
import { initTRPC } from '@trpc/server';
import type { CreateExpressContextOptions } from '@trpc/server/adapters/express';
import superjson from 'superjson';
import { auth } from './auth.js';

/** What every procedure of the app knows of its request. */
export interface Context extends AuthContext {
  readonly requestId: string;
}

export function createContext(options: CreateExpressContextOptions): Context {
  return { ...auth.createContext(options), requestId: randomUUID() };
}

export const t = initTRPC.context<Context>().create({ transformer: superjson });

export const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
