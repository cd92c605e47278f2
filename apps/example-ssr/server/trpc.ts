import type { AuthContext } from '@latchkey/server';
import { initTRPC } from '@trpc/server';
import { auth } from './auth.js';

/** What every procedure of the app knows, whoever calls it. */
export interface Context extends AuthContext {
  readonly now: Date;
}

export const t = initTRPC.context<Context>().create();

export const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
