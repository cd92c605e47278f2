import { initTRPC, type TRPCError } from '@trpc/server';
import { isDatabaseUnavailable } from '../database/faults.js';
import { AuthError } from '../errors/authError.js';
import { shapeError, toErrorShape } from '../errors/errorShape.js';
import type { AuthContext } from '../http/authContext.js';

const t = initTRPC.context<AuthContext>().create({ isDev: false, errorFormatter: shapeError });

export const { router, middleware } = t;

/**
 * A procedure for any host's router. Only Latchkey's own errors become typed errors with `error.data.reason`; what
 * the host's resolvers throw goes to the host's error formatter.
 */
export const hostProcedure = t.procedure.errors(({ error, path }) =>
  isOurs(error) ? toErrorShape(error, path) : undefined,
);

/** A procedure for Latchkey's routers: every error is shaped, and an unknown one is masked. */
export const ownProcedure = t.procedure.errors(shapeError);

function isOurs({ cause, code }: TRPCError): boolean {
  return cause instanceof AuthError || (code === 'SERVICE_UNAVAILABLE' && isDatabaseUnavailable(cause));
}
