import type { AuthMailer } from '@latchkey/server';
import { createTransport } from 'nodemailer';

/** How long a mail server may take to connect and greet. */
const SILENCE_MS = 10_000;
const SENDING_MS = 30_000;

export interface Mailer extends AuthMailer {
  close(): void;
}

/**
 * Creates a mailer that sends by SMTP.
 *
 * @param options `url` such as `smtps://user:password@mail.example.com`; `from` with or without a name
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
    // No part of a mail may be read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html }) {
      // A string could be parsed as a list of addresses.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, html });
    },
    close: () => transport.close(),
  };
}
