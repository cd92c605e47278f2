import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Attempt, Limits } from '../limits/limits.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import type { UserRecord } from '../user/userModel.js';
import type { Users } from '../user/users.js';

/** So many failures before a success are worth telling the owner of. */
const SUSPICIOUS_FAILURES = 3;

/** A sign-in attempt, counted before anything is looked up or computed for it. */
export type AuthenticateAttempt = (
  input: { identifier: string; password: string },
  from: { client: ClientInfo; signal: AbortSignal | undefined },
) => Promise<UserRecord>;

/**
 * Sign-in within limits: a place for the hash, then by address, then by account, then the password.
 *
 * A name that nobody has is counted, locked and answered as a user is, so that no refusal tells which it was.
 */
export function createSignInAttempts(options: {
  users: Pick<Users, 'authenticate'>;
  hashing: Pick<PasswordHashing, 'reserve'>;
  limits: Limits;
  events: AuthEvents;
  outbox: Pick<Outbox, 'post'>;
  texts: Pick<MailTexts, 'signInAfterFailures'>;
}): AuthenticateAttempt {
  const { users, hashing, limits, events, outbox, texts } = options;

  return async (input, { client, signal }) => {
    let failures = 0;
    let counted: Attempt | undefined;
    const admit = async (userId: string | undefined) => {
      const attempt = { client, userId, name: input.identifier };
      failures = await limits.consume('login', attempt, 'account');
      counted = attempt;
    };
    try {
      // The place first: who finds none was not heard, and has used up no attempt.
      using place = hashing.reserve();
      await limits.consume('login', { client }, 'address');
      const user = await users.authenticate(input, { admit, place, signal });
      await limits.succeeded('login', { client, userId: user._id });
      announceSuccess(user, { client, failures });
      return user;
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      // Counted, then left waiting for too long: the password was never looked at.
      if (counted && error.reason === 'TOO_MANY_ATTEMPTS') await limits.giveBack('login', counted);
      events.emit('authn_login_fail', { ...error.about, client, detail: error.reason });
      throw error;
    }
  };

  function announceSuccess(
    user: UserRecord,
    { client, failures }: { client: ClientInfo; failures: number },
  ): void {
    const userId = user._id;
    if (failures < SUSPICIOUS_FAILURES) {
      events.emit('authn_login_success', { userId, client });
      return;
    }
    events.emit('authn_login_successafterfail', { userId, client, detail: `after ${failures}` });
    outbox.post('sign_in_after_failures', () => texts.signInAfterFailures(user, failures));
  }
}
