import { TRPCError } from '@trpc/server';

/**
 * Refuses what cannot be done without mail, alike for everybody, where the host has not given `createAuth` its
 * `mail` option.
 *
 * @throws TRPCError NOT_IMPLEMENTED
 */
export function assertSendsMail(sendsMail: boolean): void {
  if (sendsMail) return;
  throw new TRPCError({ code: 'NOT_IMPLEMENTED', message: 'This server sends no mail.' });
}
