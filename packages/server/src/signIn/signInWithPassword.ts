import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Attempt, Limits } from '../limits/limits.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import type { SessionGrant } from '../session/refresh.js';
import type { UserRecord } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import type { CompleteSignIn, SignInRequest } from './completeSignIn.js';
import { rehashPassword } from './rehashPassword.js';

/** So many failures before a success are reported to the owner. */
const SUSPICIOUS_FAILURES = 3;

interface SignInParts {
  readonly users: Pick<UserStore, 'findByIdentifier' | 'rehash'>;
  readonly hashing: Pick<PasswordHashing, 'reserve' | 'hash' | 'isOutdated'>;
  readonly limits: Pick<Limits, 'consume' | 'succeeded' | 'giveBack'>;
  readonly completeSignIn: CompleteSignIn;
  readonly events: AuthEvents;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly texts: Pick<MailTexts, 'signInAfterFailures'>;
  readonly clock: Clock;
}

export interface PasswordSignIn {
  /** A username or an e-mail address. */
  readonly identifier: string;
  readonly password: string;
}

export interface PasswordSignInRequest extends SignInRequest {
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the use case that signs a person in by password.
 *
 * An unknown name is counted, locked and answered like a known one, so that no refusal tells them apart.
 */
export function createSignInWithPassword(parts: SignInParts) {
  const { users, hashing, limits, completeSignIn, events, outbox, texts, clock } = parts;

  async function authenticate(
    { identifier, password }: PasswordSignIn,
    { client, signal }: PasswordSignInRequest,
  ): Promise<UserRecord> {
    // The place comes first: a caller who finds the queue full has used up no attempt.
    using place = hashing.reserve();
    await limits.consume('login', { client }, 'address');
    const user = await users.findByIdentifier(identifier);
    const about = { userId: user?._id };
    const attempt: Attempt = { client, userId: user?._id, name: identifier };
    const failures = await limits.consume('login', attempt, 'account');
    const matches = await place
      .verify(password, user?.passwordHash, signal)
      .catch((error: unknown) => giveBack(attempt, error));
    if (user === undefined || !matches) throw new AuthError('INVALID_CREDENTIALS', { about });
    if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED', { about });
    await rehashPassword(parts, user, password);
    await limits.succeeded('login', attempt);
    announceSuccess(user, { client, failures });
    return user;
  }

  /** An attempt that waited too long for its turn never looked at the password. */
  async function giveBack(attempt: Attempt, error: unknown): Promise<never> {
    if (error instanceof AuthError && error.reason === 'TOO_MANY_ATTEMPTS')
      await limits.giveBack('login', attempt);
    throw error;
  }

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

  /**
   * @throws AuthError INVALID_CREDENTIALS | ACCOUNT_DISABLED (only with the right password) | TOO_MANY_ATTEMPTS |
   *   SESSION_REVOKED (all sessions were ended meanwhile)
   */
  return async (input: PasswordSignIn, request: PasswordSignInRequest): Promise<SessionGrant> => {
    const user = await authenticate(input, request).catch((error: unknown) => {
      if (error instanceof AuthError)
        events.emit('authn_login_fail', { ...error.about, client: request.client, detail: error.reason });
      throw error;
    });
    return completeSignIn(user, { verifiedAt: new Date(clock()) }, request);
  };
}

export type SignInWithPassword = ReturnType<typeof createSignInWithPassword>;
