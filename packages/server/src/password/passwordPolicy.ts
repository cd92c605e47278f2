import { AuthError } from '../errors.js';

/** What a new password must not be made of. */
export interface PasswordContext {
  readonly username: string;
  readonly email: string;
  readonly appName: string;
}

/**
 * Refuses a password that is on the list of common ones, or that consists of the app's name, the
 * username, the e-mail address or parts of it, with nothing but digits and signs around them.
 *
 * @throws AuthError PASSWORD_TOO_COMMON
 */
export async function assertHardToGuess(password: string, context: PasswordContext): Promise<void> {
  if (await isCommon(password)) throw tooCommon('This is one of the most used passwords.');
  if (isMadeOf(password, context)) throw tooCommon('Do not build it from your name, e-mail or this app.');
}

const tooCommon = (message: string) =>
  new AuthError('PASSWORD_TOO_COMMON', { fields: { password: [message] } });

let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/** Loaded at the first registration, so that neither boot nor any other request waits for it. */
async function isCommon(password: string): Promise<boolean> {
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(String)),
  );
  return (await commonPasswords).has(password.toLowerCase());
}

function isMadeOf(password: string, { username, email, appName }: PasswordContext): boolean {
  const [localPart = '', domain = ''] = email.split('@');
  const words = [email, username, localPart, domain, domain.split('.')[0] ?? '', appName]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  const lowered = password.toLowerCase();
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), lowered);
  return rest !== lowered && !/\p{Letter}/u.test(rest) && rest.length < 8;
}
