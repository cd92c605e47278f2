import type { ClientInfo } from '../clientInfo.js';
import type { UserRecord } from '../user/userModel.js';
import type { AccountParts } from './accountParts.js';

/** Removes the mailed links of a person whose password was changed, and tells the person. */
export async function finishPasswordChange(
  { links, events, outbox, texts }: AccountParts,
  user: UserRecord,
  { client, detail }: { client: ClientInfo; detail: 'change' | 'reset' },
): Promise<void> {
  await links.removeAll(user._id);
  events.emit('authn_password_change', { userId: user._id, client, detail });
  outbox.post('password_changed', () => texts.passwordChanged(user));
}
