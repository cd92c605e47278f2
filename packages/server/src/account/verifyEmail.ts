import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { LinkRecord } from '../mail/linkModel.js';
import type { UserRecord } from '../user/userModel.js';
import type { AccountParts } from './accountParts.js';

/** Creates the use case that redeems a mailed link: it verifies the user's address, or gives them the new one. */
export function createVerifyEmail(parts: AccountParts) {
  const { users, updateUserCopies, limits, links, events, outbox, texts } = parts;

  async function changeEmail(link: LinkRecord): Promise<UserRecord | undefined> {
    const before = await users.find(link.userId);
    const changed = await users.changeEmail(link);
    if (before === undefined || changed === undefined) return undefined;
    await links.removeAll(changed._id);
    outbox.post('email_changed', () => texts.emailChanged(before, changed.email));
    return changed;
  }

  /** @throws AuthError LINK_INVALID | EMAIL_TAKEN | TOO_MANY_ATTEMPTS */
  return async ({ token, client }: { token: string; client: ClientInfo }): Promise<void> => {
    await limits.consume('link', { client });
    const link = await links.redeem(token, ['verification', 'emailChange']);
    if (link === undefined) throw new AuthError('LINK_INVALID');
    const isChange = link.purpose === 'emailChange';
    const changed = await (isChange ? changeEmail(link) : users.verifyEmail(link));
    if (changed === undefined) throw new AuthError('LINK_INVALID');
    await updateUserCopies(changed._id);
    const detail = isChange ? 'email changed' : 'email verified';
    events.emit('user_updated', { userId: changed._id, client, detail });
  };
}

export type VerifyEmail = ReturnType<typeof createVerifyEmail>;
