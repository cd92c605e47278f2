import { expect } from 'vitest';
import type { AuthMail, AuthMailer, AuthMailKind } from '../src/index.js';

/** A mailer that keeps what it is given. */
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
    /** The `nth` mail of a kind to somebody, waited for. */
    async mail(to: string, kind: AuthMailKind, nth = 1): Promise<AuthMail> {
      await expect.poll(() => count(to, kind), { interval: 2 }).toBeGreaterThanOrEqual(nth);
      const mail = find(to, kind);
      if (mail === undefined) throw new Error('It was there a moment ago.');
      return mail;
    },
    /** The token in the `nth` mail of a kind to somebody. */
    async token(to: string, kind: AuthMailKind, nth = 1): Promise<string> {
      const { link = '' } = await this.mail(to, kind, nth);
      return new URL(link).searchParams.get('token') ?? '';
    },
  };
}
