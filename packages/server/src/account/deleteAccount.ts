import type { Activity } from '../activity/activity.js';
import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { SessionStore } from '../session/sessionStore.js';
import type { Sessions } from '../session/sessions.js';
import type { Accounts } from '../signIn/accounts.js';
import type { UserChanges } from '../user/userChanges.js';
import type { Users } from '../user/users.js';
import { assertPassword } from './assertPassword.js';

export interface AccountDeletionOptions {
  readonly users: Users;
  readonly changes: Pick<UserChanges, 'remove'>;
  readonly accounts: Pick<Accounts, 'endAllSessions'>;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly sessionStore: Pick<SessionStore, 'erase'>;
  readonly links: Pick<Links, 'removeAll'>;
  readonly activity: Pick<Activity, 'forget'>;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: MailTexts;
  readonly events: AuthEvents;
  readonly clock: Clock;
  readonly accessTokenLifetimeMs: number;
}

/** Longer than a node's feed of ended sessions looks back beyond the life of an access token. */
const FEED_MARGIN_MS = 60_000;

/**
 * Deletes an account: ends its sessions on every node, then removes its links, its activity and the user. What was ended stays
 * stored without anything personal for as long as an access token may live, because that is where other nodes
 * learn of it.
 *
 * A failure half-way leaves an account without sessions, whose owner can sign in and delete it again.
 *
 * @throws AuthError INVALID_CREDENTIALS | SESSION_REVOKED | TOO_MANY_ATTEMPTS
 */
export function createAccountDeletion(options: AccountDeletionOptions) {
  const { users, changes, accounts, sessions, sessionStore, links, activity, outbox, texts, events } =
    options;
  return async ({ userId, password, client }: { userId: string; password: string; client: ClientInfo }) => {
    const user = await users.find(userId);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    await assertPassword(users, user, { password, field: 'password' });
    await accounts.endAllSessions(userId, { reason: 'deleted', client });
    await links.removeAll(userId);
    await activity.forget(userId);
    const removed = await changes.remove(userId);
    // For a sign-in between the two: one that reads the user after this finds nobody.
    await sessions.endAll(userId, { reason: 'deleted' });
    await sessionStore.erase(userId, options.clock() + options.accessTokenLifetimeMs + FEED_MARGIN_MS);
    // For what was recorded since.
    await activity.forget(userId);
    if (!removed) return;
    events.emit('user_deleted', { userId, client });
    outbox.post('account_deleted', () => texts.accountDeleted(user));
  };
}
