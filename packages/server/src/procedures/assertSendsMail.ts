import { AuthError } from '../errors/authError.js';

/**
 * Refuses, alike for everybody, what needs mail where the host has not given `createAuth` its `mail` option.
 *
 * @throws AuthError MAIL_DISABLED
 */
export function assertSendsMail(sendsMail: boolean): void {
  if (!sendsMail) throw new AuthError('MAIL_DISABLED');
}
