import { expect } from 'vitest';
import type { AuthMail, AuthMailer, AuthMailKind } from '../src/index.js';

/** Makes a mailer that keeps its mails. */
export function createTestMailbox() {
  const mails: AuthMail[] = [];
  const mailer: AuthMailer = {
    async send(message) {
      mails.push(message);
    },
  };
  const find = (to: string, kind: AuthMailKind) =>
    mails.findLast((mail) => mail.to === to && mail.kind === kind);
  const count = (to: string, kind?: AuthMailKind) =>
    mails.filter((mail) => mail.to === to && (kind === undefined || mail.kind === kind)).length;
  return {
    mailer,
    mails,
    count,
    /** Waits for the `nth` mail of a kind to an address. */
    async mail(to: string, kind: AuthMailKind, nth = 1): Promise<AuthMail> {
      await expect.poll(() => count(to, kind), { interval: 2 }).toBeGreaterThanOrEqual(nth);
      const mail = find(to, kind);
      if (mail === undefined) throw new Error('The mail is gone.');
      return mail;
    },
    /** Waits for the `nth` mail of a kind to an address, and reads its token. */
    async token(to: string, kind: AuthMailKind, nth = 1): Promise<string> {
      const { link = '' } = await this.mail(to, kind, nth);
      return new URL(link).searchParams.get('token') ?? '';
    },
  };
}
