import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Limits } from '../limits/limits.js';
import type { LinkRecord } from '../mail/linkModel.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import { assertHardToGuess, type BreachCheck } from '../password/passwordPolicy.js';
import type { SessionRecord } from '../session/sessionModel.js';
import type { SessionStore } from '../session/sessionStore.js';
import type { Sessions } from '../session/sessions.js';
import type { UserChanges } from '../user/userChanges.js';
import type { UserRecord } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import { assertPassword } from './assertPassword.js';

/** Who asks for a new password, and from which session. */
export interface PasswordChange {
  readonly userId: string;
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Whether the person's other sessions end too. */
  readonly revokeOthers: boolean;
  readonly client: ClientInfo;
}

/** Replaces passwords. */
export interface Passwords {
  /**
   * Replaces the password of who knows it, and ends the session that asked, for which a new one is to be begun.
   * A sign-in under way with the old password leaves no session behind.
   *
   * @returns the user as changed
   * @throws AuthError INVALID_CREDENTIALS | PASSWORD_TOO_COMMON | ACCOUNT_DISABLED | SESSION_REVOKED |
   *   TOO_MANY_ATTEMPTS
   */
  change(request: PasswordChange): Promise<UserRecord>;
  /**
   * Mails a link to whoever has this address, unless too many were asked for; returns at once, so that nobody learns
   * whether anybody has.
   */
  requestReset(email: string, client: ClientInfo): void;
  /**
   * Sets a new password by a mailed link, and ends every session. A disabled account stays disabled.
   *
   * @throws AuthError LINK_INVALID | PASSWORD_TOO_COMMON | TOO_MANY_ATTEMPTS
   */
  reset(request: { token: string; newPassword: string; client: ClientInfo }): Promise<void>;
}

export interface PasswordsOptions {
  readonly users: Users;
  readonly changes: UserChanges;
  readonly sessions: Sessions;
  readonly sessionStore: Pick<SessionStore, 'find'>;
  readonly hashing: PasswordHashing;
  readonly links: Links;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: MailTexts;
  readonly events: AuthEvents;
  readonly appName: string;
  readonly isBreached?: BreachCheck | undefined;
  readonly limits: Pick<Limits, 'consume' | 'reset'>;
}

/** Every further round means that another request changed the account in between. */
const MAX_RACES = 5;

/**
 * Passwords over users, sessions and links.
 *
 * Sessions are ended before the password is replaced and once more after: before, so that a process that dies
 * in between leaves no old session beside a new password; after, for those that were begun in between. Before, only
 * those that were alive when the person was read: a session that another change began meanwhile is not the loser's
 * to end.
 */
export function createPasswords(options: PasswordsOptions): Passwords {
  const { users, changes, sessions, sessionStore, hashing, links, outbox, texts, events } = options;

  async function assertAcceptable(password: string, { username, email }: UserRecord): Promise<void> {
    const context = { username, email, appName: options.appName };
    await assertHardToGuess(password, { context, isBreached: options.isBreached, field: 'newPassword' });
  }

  /** The user as of before the session was found alive: an ending that comes later shows in their epoch. */
  async function proven({ userId, sessionId, currentPassword, client }: PasswordChange): Promise<UserRecord> {
    const user = await users.find(userId);
    const session = await sessionStore.find(sessionId);
    if (user === undefined || session === undefined || session.revokedAt !== null)
      throw new AuthError('SESSION_REVOKED');
    if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED');
    const given = { password: currentPassword, field: 'currentPassword' };
    await assertPassword(users, user, given).catch((error: unknown) => {
      const detail = error instanceof AuthError ? error.reason : undefined;
      events.emit('authn_password_change_fail', { userId, sessionId, client, detail });
      throw error;
    });
    return user;
  }

  const end = (live: readonly SessionRecord[], client: ClientInfo) =>
    Promise.all(live.map(({ _id }) => sessions.end(_id, 'password', client)));

  async function finish(
    user: UserRecord,
    { client, detail }: { client: ClientInfo; detail: string },
  ): Promise<void> {
    await links.removeAll(user._id);
    events.emit('authn_password_change', { userId: user._id, client, detail });
    outbox.post('password_changed', () => texts.passwordChanged(user));
  }

  /** Counted beside the request too: what is answered tells as little about a limit as about an account. */
  async function mayBeMailed(email: string): Promise<boolean> {
    try {
      await options.limits.consume('password-reset', { name: email });
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.reason === 'TOO_MANY_ATTEMPTS') return false;
      throw error;
    }
  }

  return {
    async change(request) {
      const { userId, sessionId: except, newPassword, revokeOthers, client } = request;
      let passwordHash: string | undefined;
      for (let race = 0; race < MAX_RACES; race++) {
        const others = revokeOthers ? (await sessions.list(userId)).filter(({ _id }) => _id !== except) : [];
        const user = await proven(request);
        await assertAcceptable(newPassword, user);
        passwordHash ??= await hashing.hash(newPassword);
        await end(others, client);
        const changed = await changes.replacePassword(user, passwordHash);
        if (changed === undefined) continue;
        // Who ends the old session may begin the new one: else a sign-out at the same moment would not last.
        const ended = await sessions.end(except, 'replaced', client);
        if (revokeOthers) await sessions.endAll(userId, { reason: 'password', client });
        await finish(changed, { client, detail: 'change' });
        if (!ended) throw new AuthError('SESSION_REVOKED');
        return changed;
      }
      throw new Error('A password change lost every race.');
    },

    requestReset(email, client) {
      outbox.post('password_reset', async () => {
        if (!(await mayBeMailed(email))) return undefined;
        const user = await users.findByEmail(email);
        if (user === undefined) return undefined;
        const token = await links.issue({
          ...{ userId: user._id, purpose: 'reset', email, epoch: user.linkEpoch },
        });
        events.emit('authn_token_created', { userId: user._id, client, detail: 'password reset' });
        return texts.passwordReset(user, token);
      });
    },

    async reset({ token, newPassword, client }) {
      const found = await links.find(token, ['reset']);
      const live = found && (await sessions.list(found.userId));
      const user = found && (await users.find(found.userId));
      if (found === undefined || live === undefined || user === undefined || !isCurrent(found, user))
        throw linkInvalid();
      await assertAcceptable(newPassword, user);
      const passwordHash = await hashing.hash(newPassword);
      // Before the link is used up: if this fails, the link still serves, and with it the way back in.
      await options.limits.reset(user._id);
      await end(live, client);
      const link = await links.redeem(token, ['reset']);
      const changed = link && (await changes.resetPassword(link, passwordHash));
      if (changed === undefined) throw linkInvalid();
      await sessions.endAll(user._id, { reason: 'password', client });
      await finish(changed, { client, detail: 'reset' });
    },
  };
}

const isCurrent = ({ email, epoch }: LinkRecord, user: UserRecord) =>
  user.email === email && user.linkEpoch === epoch;

const linkInvalid = () => new AuthError('LINK_INVALID');
