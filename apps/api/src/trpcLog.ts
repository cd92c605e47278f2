import { AuthError } from '@latchkey/server';
import type { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Logger } from './log.js';

interface ProcedureError {
  error: TRPCError;
  path: string | undefined;
  type: string;
}

/**
 * Logs refusals of procedures by name and reason only, because a message may quote the input. Logs failures of
 * the server with their stack.
 */
export function logProcedureError(log: Logger) {
  return ({ error, path, type }: ProcedureError) => {
    const procedure = { path: path?.slice(0, 200), type, code: error.code };
    if (getHTTPStatusCodeFromError(error) >= 500) log.error({ ...procedure, err: error }, 'procedure failed');
    else log.info({ ...procedure, reason: reasonOf(error) }, 'procedure refused');
  };
}

function reasonOf({ cause }: TRPCError) {
  return cause instanceof AuthError ? cause.reason : undefined;
}
