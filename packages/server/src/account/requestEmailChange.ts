import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import { takenError } from '../user/userStore.js';
import type { AccountParts } from './accountParts.js';

export interface EmailChange {
  readonly userId: string;
  /** The new address. */
  readonly email: string;
  readonly password: string;
  readonly client: ClientInfo;
}

/**
 * Creates the use case that mails a link to a new address and a notice to the present one. Nothing changes until
 * `verifyEmail` redeems the link.
 */
export function createRequestEmailChange(parts: AccountParts) {
  const { users, limits, links, confirmPassword, events, outbox, texts } = parts;
  /** @throws AuthError INVALID_CREDENTIALS | EMAIL_TAKEN | VALIDATION | SESSION_REVOKED | TOO_MANY_ATTEMPTS */
  return async ({ userId, email, password, client }: EmailChange): Promise<void> => {
    await limits.consume('email-verification', { client, userId });
    const user = await users.find(userId);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    await confirmPassword(user, { password, field: 'password' });
    if (user.email === email)
      throw new AuthError('VALIDATION', { fields: { email: ['This is your address already.'] } });
    // An early answer where possible; the unique index decides when the link is redeemed.
    if (await users.findByEmail(email)) throw takenError('email');
    const token = await links.issue({ userId, purpose: 'emailChange', email, epoch: user.linkEpoch });
    events.emit('authn_token_created', { userId, client, detail: 'email change' });
    outbox.post('email_change', () => texts.emailChange(user, { newEmail: email, token }));
    outbox.post('email_change_requested', () => texts.emailChangeRequested(user, email));
  };
}

export type RequestEmailChange = ReturnType<typeof createRequestEmailChange>;
