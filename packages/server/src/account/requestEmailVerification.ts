import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AccountParts } from './accountParts.js';

/** Creates the use case that mails a link to a person's own address, unless it is verified already. */
export function createRequestEmailVerification(parts: AccountParts) {
  const { users, limits, links, events, outbox, texts } = parts;
  /** @throws AuthError SESSION_REVOKED (the user was deleted) | TOO_MANY_ATTEMPTS */
  return async (userId: string, client: ClientInfo): Promise<void> => {
    await limits.consume('email-verification', { client, userId });
    const user = await users.find(userId);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    if (user.emailVerified) return;
    const { email, linkEpoch: epoch } = user;
    const token = await links.issue({ userId, purpose: 'verification', email, epoch });
    events.emit('authn_token_created', { userId, client, detail: 'email verification' });
    outbox.post('email_verification', () => texts.emailVerification(user, token));
  };
}

export type RequestEmailVerification = ReturnType<typeof createRequestEmailVerification>;
