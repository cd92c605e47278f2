import type { AuthMailer } from '@latchkey/server';
import { createTransport } from 'nodemailer';

/** How long a mail server may be silent, in milliseconds. */
const SILENCE_MS = 10_000;
const SENDING_MS = 30_000;

/** A mailer, and how to end what it keeps open. */
export interface Mailer extends AuthMailer {
  close(): void;
}

/**
 * Sends mails by SMTP.
 *
 * @param options `url` as `smtps://user:password@mail.example.com`, and the sender's address, bare or with a name
 */
export function createSmtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
    socketTimeout: SENDING_MS,
    // Nothing in these mails is to be fetched, from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html }) {
      // An object and not a text, so that no address can be read as a list of several.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, html });
    },
    close: () => transport.close(),
  };
}
