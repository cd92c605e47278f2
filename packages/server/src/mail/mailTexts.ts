import escapeHtml from 'escape-html';
import type { AuthMail, AuthMailKind } from './authMail.js';
import { LINK_LIFETIME_MS } from './links.js';

/** The person a mail goes to. */
export interface Addressee {
  readonly username: string;
  readonly email: string;
}

/** Every mail that Latchkey sends, in words. */
export interface MailTexts {
  passwordReset(user: Addressee, token: string): AuthMail;
  emailVerification(user: Addressee, token: string): AuthMail;
  /** Goes to the new address. */
  emailChange(user: Addressee, options: { newEmail: string; token: string }): AuthMail;
  passwordChanged(user: Addressee): AuthMail;
  /** Goes to the address that is still the user's. */
  emailChangeRequested(user: Addressee, newEmail: string): AuthMail;
  /** Goes to the address that was the user's. */
  emailChanged(user: Addressee, newEmail: string): AuthMail;
  accountDeleted(user: Addressee): AuthMail;
  signInAfterFailures(user: Addressee, failures: number): AuthMail;
}

interface Draft {
  readonly kind: AuthMailKind;
  readonly to: string;
  readonly subject: string;
  readonly username: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly link: string };
  readonly footnote: string;
}

/**
 * Mails of one app. Links lead to its configured address whatever address a request came by, and the subject
 * holds nothing that a user has chosen.
 */
export function createMailTexts({ appName, appUrl }: { appName: string; appUrl: string }): MailTexts {
  const name = appName.replace(/\s+/g, ' ').trim();
  const linkTo = (path: string, token: string) =>
    `${appUrl.replace(/\/+$/, '')}${path}?${new URLSearchParams({ token })}`;
  const notYou = `If this was not you, reset your password at once: ${appUrl}`;

  return {
    passwordReset: ({ username, email }, token) =>
      write({
        kind: 'password_reset',
        to: email,
        username,
        subject: `Reset your password for ${name}`,
        paragraphs: [`Somebody, hopefully you, asked to reset the password of your account at ${name}.`],
        action: { label: 'Choose a new password', link: linkTo('/reset-password', token) },
        footnote: `The link works once, for ${inWords(LINK_LIFETIME_MS.reset)}. If you did not ask for it, ignore this mail: nothing was changed.`,
      }),
    emailVerification: ({ username, email }, token) =>
      write({
        kind: 'email_verification',
        to: email,
        username,
        subject: `Verify your e-mail address for ${name}`,
        paragraphs: [`Please confirm that this is the e-mail address of your account at ${name}.`],
        action: { label: 'Verify this address', link: linkTo('/verify-email', token) },
        footnote: `The link works once, for ${inWords(LINK_LIFETIME_MS.verification)}. If you have no account at ${name}, ignore this mail.`,
      }),
    emailChange: ({ username }, { newEmail, token }) =>
      write({
        kind: 'email_change',
        to: newEmail,
        username,
        subject: `Confirm your new e-mail address for ${name}`,
        paragraphs: [`Please confirm that your account at ${name} shall use this e-mail address.`],
        action: { label: 'Use this address', link: linkTo('/verify-email', token) },
        footnote: `The link works once, for ${inWords(LINK_LIFETIME_MS.emailChange)}. Until then nothing changes. If you did not ask for it, ignore this mail.`,
      }),
    passwordChanged: ({ username, email }) =>
      write({
        kind: 'password_changed',
        to: email,
        username,
        subject: `Your password for ${name} was changed`,
        paragraphs: [`The password of your account at ${name} was changed.`],
        footnote: notYou,
      }),
    emailChangeRequested: ({ username, email }, newEmail) =>
      write({
        kind: 'email_change_requested',
        to: email,
        username,
        subject: `A new e-mail address for your account at ${name}`,
        paragraphs: [
          `Somebody who knows your password asked that your account at ${name} use ${newEmail} from now on.`,
          'It will, once the link that was sent there is opened.',
        ],
        footnote: notYou,
      }),
    emailChanged: ({ username, email }, newEmail) =>
      write({
        kind: 'email_changed',
        to: email,
        username,
        subject: `Your e-mail address for ${name} was changed`,
        paragraphs: [`Your account at ${name} now uses ${newEmail}. This is the last mail to this address.`],
        footnote: `If this was not you, tell the people who run ${name}: ${appUrl}`,
      }),
    accountDeleted: ({ username, email }) =>
      write({
        kind: 'account_deleted',
        to: email,
        username,
        subject: `Your account at ${name} was deleted`,
        paragraphs: [`Your account at ${name} was deleted, and every session of it was ended.`],
        footnote: `If this was not you, tell the people who run ${name}: ${appUrl}`,
      }),
    signInAfterFailures: ({ username, email }, failures) =>
      write({
        kind: 'sign_in_after_failures',
        to: email,
        username,
        subject: `A sign-in to your account at ${name}`,
        paragraphs: [
          `Somebody signed in to your account at ${name} after ${failures} attempts with a wrong password.`,
        ],
        footnote: notYou,
      }),
  };
}

function write({ kind, to, subject, username, paragraphs, action, footnote }: Draft): AuthMail {
  // The schemas allow no line break in an address; a second fence, since one here would begin a header.
  if (/[\r\n]/.test(to + subject)) throw new Error('A mail header must be one line.');
  const lines = [`Hello ${username},`, ...paragraphs];
  const text = [...lines, ...(action ? [`${action.label}:\n${action.link}`] : []), footnote];
  const html = [
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    ...(action ? [`<p><a href="${escapeHtml(action.link)}">${escapeHtml(action.label)}</a></p>`] : []),
    `<p><small>${escapeHtml(footnote)}</small></p>`,
  ];
  return {
    kind,
    to,
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>\n<body style="font:16px/1.5 sans-serif;max-width:36em;margin:auto;padding:1em">\n${html.join('\n')}\n</body></html>\n`,
    ...(action ? { link: action.link } : {}),
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function inWords(milliseconds: number): string {
  return milliseconds < 2 * HOUR ? `${milliseconds / MINUTE} minutes` : `${milliseconds / HOUR} hours`;
}
