import type { Env } from '../env/parseEnv.js';
import type { Logger } from '../log.js';
import { createDevMailbox, type DevMailbox } from './devMailbox.js';
import { createSmtpMailer, type Mailer } from './smtpMailer.js';

/** How this app sends mail. */
export interface Mail {
  /** `undefined` where it sends none. */
  readonly mailer: Mailer | undefined;
  /** Set where mails are kept to be read in development. */
  readonly mailbox: DevMailbox | undefined;
}

/**
 * By SMTP_URL; without it into the development mailbox; in production then not at all, with a warning, because
 * signing in works without mail and must not end with it.
 */
export function createMail(env: Pick<Env, 'smtp' | 'production'>, log: Pick<Logger, 'warn'>): Mail {
  if (env.smtp !== undefined) return { mailer: createSmtpMailer(env.smtp), mailbox: undefined };
  if (env.production) {
    log.warn('SMTP_URL is not set: nobody can reset a password, verify or change an e-mail address');
    return { mailer: undefined, mailbox: undefined };
  }
  const mailbox = createDevMailbox();
  return { mailer: mailbox, mailbox };
}
