import { TRPCClientError } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { AuthError } from '../transport/authError.js';

/** An error as a link reports it, with the server's answer in `data` if there was one. */
export function toClientError<TRouter extends AnyRouter>(error: Error): TRPCClientError<TRouter> {
  return TRPCClientError.from(
    error instanceof AuthError && error.data
      ? { error: { code: -32001, message: error.message, data: error.data } }
      : error,
    { cause: error },
  );
}
