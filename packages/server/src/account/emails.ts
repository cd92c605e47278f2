import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { LinkRecord } from '../mail/linkModel.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { Accounts } from '../signIn/accounts.js';
import type { UserChanges } from '../user/userChanges.js';
import type { UserRecord } from '../user/userModel.js';
import { takenError, type Users } from '../user/users.js';
import { assertPassword } from './assertPassword.js';

/** Verifies and changes e-mail addresses. */
export interface Emails {
  /**
   * Mails a link to the user's address, unless it is verified already.
   *
   * @throws AuthError SESSION_REVOKED where there is no such user any more
   */
  requestVerification(userId: string, client: ClientInfo): Promise<void>;
  /**
   * Redeems a mailed link: the user's own address is verified, or the new one takes its place.
   *
   * @throws AuthError LINK_INVALID | EMAIL_TAKEN
   */
  verify(request: { token: string; client: ClientInfo }): Promise<void>;
  /**
   * Mails a link to a new address and a notice to the present one; nothing changes until the link is redeemed.
   *
   * @throws AuthError INVALID_CREDENTIALS | EMAIL_TAKEN | VALIDATION | SESSION_REVOKED | TOO_MANY_ATTEMPTS
   */
  requestChange(request: {
    userId: string;
    email: string;
    password: string;
    client: ClientInfo;
  }): Promise<void>;
}

export interface EmailsOptions {
  readonly users: Users;
  readonly changes: UserChanges;
  readonly accounts: Pick<Accounts, 'followUser'>;
  readonly links: Links;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: MailTexts;
  readonly events: AuthEvents;
}

/** E-mail addresses over users and links. */
export function createEmails(options: EmailsOptions): Emails {
  const { users, changes, accounts, links, outbox, texts, events } = options;

  async function present(userId: string): Promise<UserRecord> {
    const user = await users.find(userId);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    return user;
  }

  async function takeNewAddress(link: LinkRecord): Promise<UserRecord | undefined> {
    const before = await users.find(link.userId);
    const changed = await changes.changeEmail(link);
    if (before === undefined || changed === undefined) return undefined;
    await links.removeAll(changed._id);
    outbox.post('email_changed', () => texts.emailChanged(before, changed.email));
    return changed;
  }

  return {
    async requestVerification(userId, client) {
      const user = await present(userId);
      if (user.emailVerified) return;
      const { email, linkEpoch: epoch } = user;
      const token = await links.issue({ userId, purpose: 'verification', email, epoch });
      events.emit('authn_token_created', { userId, client, detail: 'email verification' });
      outbox.post('email_verification', () => texts.emailVerification(user, token));
    },

    async verify({ token, client }) {
      const link = await links.redeem(token, ['verification', 'emailChange']);
      if (link === undefined) throw new AuthError('LINK_INVALID');
      const isNew = link.purpose === 'emailChange';
      const changed = await (isNew ? takeNewAddress(link) : changes.verifyEmail(link));
      if (changed === undefined) throw new AuthError('LINK_INVALID');
      await accounts.followUser(changed._id);
      const detail = isNew ? 'email changed' : 'email verified';
      events.emit('user_updated', { userId: changed._id, client, detail });
    },

    async requestChange({ userId, email, password, client }) {
      const user = await present(userId);
      await assertPassword(users, user, { password, field: 'password' });
      if (user.email === email) {
        throw new AuthError('VALIDATION', { fields: { email: ['This is your address already.'] } });
      }
      // Told early where possible; the unique index has the last word when the link is redeemed.
      if (await users.findByEmail(email)) throw takenError('email');
      const token = await links.issue({ userId, purpose: 'emailChange', email, epoch: user.linkEpoch });
      events.emit('authn_token_created', { userId, client, detail: 'email change' });
      outbox.post('email_change', () => texts.emailChange(user, { newEmail: email, token }));
      outbox.post('email_change_requested', () => texts.emailChangeRequested(user, email));
    },
  };
}
