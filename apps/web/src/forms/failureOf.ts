import { AuthError } from '@latchkey/client';
import { TRPCClientError } from '@trpc/client';

/** What to tell the visitor about a call that failed. */
export interface Failure {
  readonly message: string;
  /** The server's reason, if it gave one. */
  readonly reason: string | undefined;
  /** Messages by field of the form. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** Reads the server's answer out of an error of the session's own calls or of tRPC's; others are thrown on. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof AuthError) && !(error instanceof TRPCClientError)) throw error;
  const data: AuthError['data'] = error.data;
  if (!data)
    return { message: 'The server did not answer. Please try again.', reason: undefined, fields: {} };
  const wait = data.retryAfter ? ` Try again in ${data.retryAfter} s.` : '';
  return { message: `${error.message}${wait}`, reason: data.reason, fields: data.fields ?? {} };
}
