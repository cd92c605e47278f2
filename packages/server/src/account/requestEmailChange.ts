import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Limits } from '../limits/limits.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import { takenError, type UserStore } from '../user/userStore.js';
import type { ConfirmPassword } from './confirmPassword.js';

interface RequestEmailChangeParts {
  readonly users: Pick<UserStore, 'find' | 'findByEmail'>;
  readonly limits: Pick<Limits, 'consume'>;
  readonly links: Pick<Links, 'issue'>;
  readonly confirmPassword: ConfirmPassword;
  readonly events: AuthEvents;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: Pick<MailTexts, 'emailChange' | 'emailChangeRequested'>;
}

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
export function createRequestEmailChange(parts: RequestEmailChangeParts) {
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
