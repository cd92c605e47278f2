import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as the mail server received it. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as received. */
  raw: string;
}

/** A real SMTP server on loopback that keeps received mails. */
export interface TestSmtpServer extends AsyncDisposable {
  url: string;
  mails: ReceivedMail[];
  /** How many of the next mails it refuses. */
  refusals: number;
  /** The passwords that clients have sent. */
  passwords: string[];
}

export async function startSmtpServer(): Promise<TestSmtpServer> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) => {
      smtp.passwords.push(password ?? '');
      done(null, { user: username });
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (smtp.refusals > 0) {
          smtp.refusals -= 1;
          return done(Object.assign(new Error('Try again later'), { responseCode: 451 }));
        }
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        smtp.mails.push({ from, to, raw: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const smtp: TestSmtpServer = {
    url: `smtp://mailer:canary-smtp-password@127.0.0.1:${port}`,
    mails: [],
    refusals: 0,
    passwords: [],
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return smtp;
}

/** Returns the decoded text part of a mail. */
export function textOf({ raw }: ReceivedMail): string {
  const part = /Content-Type: text\/plain.*?\r\n\r\n(.*?)\r\n--/s.exec(raw)?.[1] ?? '';
  return part
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
