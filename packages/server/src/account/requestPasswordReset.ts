import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AccountParts } from './accountParts.js';

/**
 * Creates the use case that mails a link to the owner of an address, unless too many were asked for.
 *
 * The e-mail address is counted and looked up after the answer, so that the answer tells nothing about an account.
 */
export function createRequestPasswordReset(parts: AccountParts) {
  const { users, limits, links, events, outbox, texts } = parts;

  async function isWithinLimit(email: string): Promise<boolean> {
    try {
      await limits.consume('password-reset', { name: email });
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.reason === 'TOO_MANY_ATTEMPTS') return false;
      throw error;
    }
  }

  /** @throws AuthError TOO_MANY_ATTEMPTS, for the caller's address alone */
  return async (email: string, client: ClientInfo): Promise<void> => {
    await limits.consume('password-reset', { client });
    outbox.post('password_reset', async () => {
      if (!(await isWithinLimit(email))) return undefined;
      const user = await users.findByEmail(email);
      if (user === undefined) return undefined;
      const userId = user._id;
      const token = await links.issue({ userId, purpose: 'reset', email, epoch: user.linkEpoch });
      events.emit('authn_token_created', { userId, client, detail: 'password reset' });
      return texts.passwordReset(user, token);
    });
  };
}

export type RequestPasswordReset = ReturnType<typeof createRequestPasswordReset>;
