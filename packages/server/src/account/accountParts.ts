import type { Activity } from '../activity/activity.js';
import type { Clock } from '../clock.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { Limits } from '../limits/limits.js';
import type { Links } from '../mail/links.js';
import type { MailTexts } from '../mail/mailTexts.js';
import type { Outbox } from '../mail/outbox.js';
import type { PasswordHashing } from '../password/passwordHashing.js';
import type { BreachCheck } from '../password/passwordPolicy.js';
import type { SessionStore } from '../session/sessionStore.js';
import type { Sessions } from '../session/sessions.js';
import type { CompleteSignIn } from '../signIn/completeSignIn.js';
import type { EndAllSessions } from '../signIn/endAllSessions.js';
import type { UpdateUserCopies } from '../signIn/updateUserCopies.js';
import type { UserStore } from '../user/userStore.js';
import type { ConfirmPassword } from './confirmPassword.js';

/** What the use cases of an account are made of; each takes what it needs. */
export interface AccountParts {
  readonly users: UserStore;
  readonly sessions: Sessions;
  readonly sessionStore: SessionStore;
  readonly links: Links;
  readonly activity: Activity;
  readonly limits: Limits;
  readonly hashing: PasswordHashing;
  readonly confirmPassword: ConfirmPassword;
  readonly completeSignIn: CompleteSignIn;
  readonly endAllSessions: EndAllSessions;
  readonly updateUserCopies: UpdateUserCopies;
  readonly events: AuthEvents;
  readonly outbox: Outbox;
  readonly texts: MailTexts;
  readonly clock: Clock;
  readonly appName: string;
  readonly isBreached: BreachCheck | undefined;
  readonly accessTokenLifetimeMs: number;
}
