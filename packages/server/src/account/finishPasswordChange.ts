import type { ClientInfo } from '../clientInfo.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { UserRecord } from '../user/userModel.js';

export interface FinishPasswordChangeParts {
  readonly links: Pick<Links, 'removeAll'>;
  readonly events: AuthEvents;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: Pick<MailTexts, 'passwordChanged'>;
}

/** Removes the mailed links of a person whose password was changed, and tells the person. */
export async function finishPasswordChange(
  { links, events, outbox, texts }: FinishPasswordChangeParts,
  user: UserRecord,
  { client, detail }: { client: ClientInfo; detail: 'change' | 'reset' },
): Promise<void> {
  await links.removeAll(user._id);
  events.emit('authn_password_change', { userId: user._id, client, detail });
  outbox.post('password_changed', () => texts.passwordChanged(user));
}
