import { AuthError } from '../errors/authError.js';
import { isCommonPassword } from './commonPasswords.js';

/** The texts that a new password must not be made of. */
export interface PasswordContext {
  readonly username: string;
  readonly email: string;
  readonly appName: string;
}

/** Checks whether a password is known from a breach; called for passwords that pass every other check. */
export type BreachCheck = (password: string) => boolean | Promise<boolean>;

/** What {@link assertHardToGuess} checks a password against. */
export interface PasswordCheck {
  readonly context: PasswordContext;
  readonly isBreached?: BreachCheck | undefined;
  /**
   * The input's name for the password.
   *
   * @default 'password'
   */
  readonly field?: string;
}

/**
 * Refuses a password that {@link weaknessOf} finds weak, or that is known from a breach.
 *
 * @throws AuthError PASSWORD_TOO_COMMON, with the reason beside the field
 */
export async function assertHardToGuess(
  password: string,
  { context, isBreached, field = 'password' }: PasswordCheck,
): Promise<void> {
  const weakness =
    (await weaknessOf(password, context)) ??
    ((await isBreached?.(password)) ? 'This password was found in a data breach.' : undefined);
  if (weakness !== undefined) throw new AuthError('PASSWORD_TOO_COMMON', { fields: { [field]: [weakness] } });
}

/**
 * Why a password of allowed length is too weak, in a sentence for the form's field; `undefined` if it is not.
 *
 * A password is weak if it is on the list of common ones, or if it consists of context words with only digits and signs
 * around them. Context words are the app's name, the username, the e-mail address, the parts before and after its `@`,
 * and the first label of its domain, if they have at least three characters.
 */
export async function weaknessOf(password: string, context: PasswordContext): Promise<string | undefined> {
  if (await isCommonPassword(password)) return 'This is one of the most used passwords.';
  if (isMadeOf(password, context)) return 'Do not build it from your name, e-mail or this app.';
  return undefined;
}

const MIN_WORD = 3;

/** The words that a password must not consist of. */
export function contextWords({ username, email, appName }: PasswordContext): string[] {
  const [localPart = '', domain = ''] = email.split('@');
  return [email, username, localPart, domain, domain.split('.')[0] ?? '', appName]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= MIN_WORD)
    .sort((a, b) => b.length - a.length);
}

function isMadeOf(password: string, context: PasswordContext): boolean {
  const lowered = password.toLowerCase();
  const rest = contextWords(context).reduce((text, word) => text.replaceAll(word, ''), lowered);
  return rest !== lowered && !/\p{Letter}/u.test(rest) && rest.length < 8;
}
