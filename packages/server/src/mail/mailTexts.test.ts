import { describe, expect, test } from 'vitest';
import type { AuthMail } from './authMail.js';
import { type Addressee, createMailTexts } from './mailTexts.js';

const texts = createMailTexts({ appName: 'Notes & Co', appUrl: 'https://app.example.com/base/' });
const TOKEN = 'T0ken_-'.repeat(6);
const USER = { username: 'rosa', email: 'rosa@example.com' };

function all(to: Addressee): AuthMail[] {
  return [
    texts.passwordReset(to, TOKEN),
    texts.emailVerification(to, TOKEN),
    texts.emailChange(to, { newEmail: 'new@example.com', token: TOKEN }),
    texts.passwordChanged(to),
    texts.emailChangeRequested(to, 'new@example.com'),
    texts.emailChanged(to, 'new@example.com'),
    texts.accountDeleted(to),
  ];
}

describe.each(all(USER).map((mail) => [mail.kind, mail] as const))('%s', (_kind, mail) => {
  test('says the same in plain text and in HTML', () => {
    expect(mail.subject).toContain('Notes & Co');
    expect(mail.text).toContain('Hello rosa,');
    expect(mail.html).toContain('Hello rosa,');
    for (const line of mail.text.split('\n')) {
      if (line !== mail.link) expect(mail.html).toContain(line.replace(/:$/, '').replaceAll('&', '&amp;'));
    }
    expect(mail.html).toContain('Notes &amp; Co');
    expect(mail.html).not.toMatch(/undefined|\[object/);
  });

  test('L10: carries a link, or is a notice without secrets', () => {
    const isNotice = mail.link === undefined;
    expect(isNotice).toBe(!/^(password_reset|email_verification|email_change)$/.test(mail.kind));
    for (const part of [mail.text, mail.html]) expect(part.includes(TOKEN)).toBe(!isNotice);
    expect(mail.subject).not.toContain(TOKEN);
  });
});

test('L11: links lead to the configured address, with or without a slash at its end', () => {
  const links = all(USER).flatMap(({ link }) => link ?? []);
  expect(links).toEqual([
    `https://app.example.com/base/reset-password?token=${TOKEN}`,
    `https://app.example.com/base/verify-email?token=${TOKEN}`,
    `https://app.example.com/base/verify-email?token=${TOKEN}`,
  ]);
});

test('escapes text that a user has chosen in HTML (CVE-2022-31127)', () => {
  const username = `<img src=x onerror=alert(1)>"'&`;
  for (const { html } of all({ username, email: 'a@example.com' })) {
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(html).not.toContain('<img');
  }
  const odd = texts.emailChanged(USER, `"><script>@example.com`);
  expect(odd.html).not.toContain('<script>');
});

test('L12: refuses a line break in a header', () => {
  const email = 'a@example.com\r\nBcc: b@example.com';
  expect(() => texts.passwordReset({ username: 'rosa', email }, TOKEN)).toThrow('one line');
  const named = createMailTexts({
    appName: 'Notes\r\nBcc: b@example.com',
    appUrl: 'https://app.example.com',
  });
  expect(named.passwordChanged(USER).subject).toBe('Your password for Notes Bcc: b@example.com was changed');
});

test('puts no text that a user has chosen into a subject', () => {
  const subjects = all({ username: 'canary-user', email: 'canary@example.com' }).map(
    ({ subject }) => subject,
  );
  expect(subjects.join('\n')).not.toMatch(/canary|new@example\.com/);
});
