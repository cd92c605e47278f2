import type { Auth } from '@latchkey/server';
import { z } from 'zod';
import type { Trpc } from './trpc.js';

const caller = z.strictObject({
  userId: z.string(),
  sessionId: z.string(),
  /** Grows by one with each rotation of the refresh token. */
  generation: z.int(),
  roles: z.array(z.string()),
  /** ISO 8601, UTC. */
  tokenExpiresAt: z.string(),
});

/** Creates a query that returns what the access token says about the caller. It needs no database. */
export function createWhoami({ t, auth }: { t: Trpc; auth: Pick<Auth, 'protectedProcedure'> }) {
  return t.procedure
    .concat(auth.protectedProcedure)
    .input(z.strictObject({}).optional())
    .output(caller)
    .query(({ ctx: { session } }) => ({
      userId: session.userId,
      sessionId: session.id,
      generation: session.generation,
      roles: [...session.roles],
      tokenExpiresAt: session.tokenExpiresAt.toISOString(),
    }));
}
