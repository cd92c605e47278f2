import type { Env } from '../env/parseEnv.js';
import type { Logger } from '../log.js';
import { createDevMailbox, type DevMailbox } from './devMailbox.js';
import { createSmtpMailer, type Mailer } from './smtpMailer.js';

interface Mail {
  /** `undefined` if the app sends no mail. */
  mailer: Mailer | undefined;
  /** Outside production only. */
  mailbox: DevMailbox | undefined;
}

/**
 * Sends mail to SMTP_URL, or without it to the development mailbox. Production without SMTP_URL starts with a
 * warning and sends no mail, because people can sign in without it.
 */
export function createMail(env: Pick<Env, 'smtp' | 'production'>, log: Pick<Logger, 'warn'>): Mail {
  if (env.smtp !== undefined) return { mailer: createSmtpMailer(env.smtp), mailbox: undefined };
  if (env.production) {
    log.warn('SMTP_URL is not set: people cannot reset a password, or verify or change an e-mail address');
    return { mailer: undefined, mailbox: undefined };
  }
  const mailbox = createDevMailbox();
  return { mailer: mailbox, mailbox };
}
