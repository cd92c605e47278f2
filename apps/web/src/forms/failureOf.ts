import { AuthError } from '@latchkey/client';
import { TRPCClientError } from '@trpc/client';

/** A failed call, as the page shows it. */
export interface Failure {
  readonly message: string;
  readonly reason: string | undefined;
  /** Messages by field of the form. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** Reads the server's error from a call of the session or of tRPC. @throws any other error */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof AuthError) && !(error instanceof TRPCClientError)) throw error;
  const data: AuthError['data'] = error.data;
  if (!data)
    return { message: 'The server did not respond. Please try again.', reason: undefined, fields: {} };
  const wait = data.retryAfter ? ` Try again in ${data.retryAfter} s.` : '';
  return { message: `${error.message}${wait}`, reason: data.reason, fields: data.fields ?? {} };
}
