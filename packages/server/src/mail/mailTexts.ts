import escapeHtml from 'escape-html';
import type { AuthMail, AuthMailKind } from './authMail.js';
import { LINK_LIFETIME_MS } from './links.js';

/** The person a mail goes to. */
export interface Addressee {
  readonly username: string;
  readonly email: string;
}

interface Draft {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly link: string };
  readonly footnote: string;
}

/**
 * The text of every mail. Links lead to the app's configured address, whatever address a request came by, and no
 * subject holds text that a user has chosen.
 */
export type MailTexts = ReturnType<typeof createMailTexts>;

export function createMailTexts({ appName, appUrl }: { appName: string; appUrl: string }) {
  const name = appName.replace(/\s+/g, ' ').trim();
  const linkTo = (path: string, token: string) =>
    `${appUrl.replace(/\/+$/, '')}${path}?${new URLSearchParams({ token })}`;
  const resetIfNotYou = `If this was not you, reset your password now: ${appUrl}`;
  const writeIfNotYou = `If this was not you, contact the people who run ${name}: ${appUrl}`;

  return {
    passwordReset: (to: Addressee, token: string) =>
      write('password_reset', to, {
        subject: `Reset your password for ${name}`,
        paragraphs: [`Someone asked to reset the password of your account at ${name}.`],
        action: { label: 'Choose a new password', link: linkTo('/reset-password', token) },
        footnote: `The link works once, within ${inWords(LINK_LIFETIME_MS.reset)}. If this was not you, ignore this mail: your password stays the same.`,
      }),

    emailVerification: (to: Addressee, token: string) =>
      write('email_verification', to, {
        subject: `Verify your e-mail address for ${name}`,
        paragraphs: [`Confirm that this is the e-mail address of your account at ${name}.`],
        action: { label: 'Verify this address', link: linkTo('/verify-email', token) },
        footnote: `The link works once, within ${inWords(LINK_LIFETIME_MS.verification)}. If you have no account at ${name}, ignore this mail.`,
      }),

    /** Goes to the new address. */
    emailChange: ({ username }: Addressee, { newEmail, token }: { newEmail: string; token: string }) =>
      write(
        'email_change',
        { username, email: newEmail },
        {
          subject: `Confirm your new e-mail address for ${name}`,
          paragraphs: [`Confirm that your account at ${name} should use this e-mail address.`],
          action: { label: 'Use this address', link: linkTo('/verify-email', token) },
          footnote: `The link works once, within ${inWords(LINK_LIFETIME_MS.emailChange)}. Nothing changes until you open it. If this was not you, ignore this mail.`,
        },
      ),

    passwordChanged: (to: Addressee) =>
      write('password_changed', to, {
        subject: `Your password for ${name} was changed`,
        paragraphs: [`The password of your account at ${name} was changed.`],
        footnote: resetIfNotYou,
      }),

    /** Goes to the address that the account still has. */
    emailChangeRequested: (to: Addressee, newEmail: string) =>
      write('email_change_requested', to, {
        subject: `A new e-mail address for your account at ${name}`,
        paragraphs: [
          `Someone who knows your password asked to change the e-mail address of your account at ${name} to ${newEmail}.`,
          'The address changes when the link in the mail to the new address is opened.',
        ],
        footnote: resetIfNotYou,
      }),

    /** Goes to the address that the account had before. */
    emailChanged: (to: Addressee, newEmail: string) =>
      write('email_changed', to, {
        subject: `Your e-mail address for ${name} was changed`,
        paragraphs: [`Your account at ${name} now uses ${newEmail}. You get no more mails at this address.`],
        footnote: writeIfNotYou,
      }),

    accountDeleted: (to: Addressee) =>
      write('account_deleted', to, {
        subject: `Your account at ${name} was deleted`,
        paragraphs: [`Your account at ${name} was deleted. You are signed out on all devices.`],
        footnote: writeIfNotYou,
      }),

    signInAfterFailures: (to: Addressee, failures: number) =>
      write('sign_in_after_failures', to, {
        subject: `A sign-in to your account at ${name}`,
        paragraphs: [
          `Someone signed in to your account at ${name} after ${failures} attempts with a wrong password.`,
        ],
        footnote: resetIfNotYou,
      }),
  };
}

function write(kind: AuthMailKind, { username, email: to }: Addressee, draft: Draft): AuthMail {
  const { subject, paragraphs, action, footnote } = draft;
  // A line break would start another header. The schemas allow none in an address; this is a second check.
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
