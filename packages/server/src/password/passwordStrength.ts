import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { newPasswordSchema } from '../contract/index.js';
import { contextWords, type PasswordContext, weaknessOf } from './passwordPolicy.js';

/** What a form can say about a password while it is typed. */
export interface PasswordStrength {
  /** Whether the server would accept it. A host's own check for breaches is not called. */
  readonly accepted: boolean;
  /** 0: refused, or guessed at once; 1: in about a million guesses; 2: 10^8; 3: 10^10; 4: more. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** One sentence: the server's reason for refusing it, or how to make it stronger. */
  readonly message: string;
}

/** What is known about the person who chooses the password; leave out what the form has not asked for yet. */
export interface PasswordStrengthOptions extends Partial<PasswordContext> {
  /** The policy's minimum of code points. */
  readonly minLength: number;
}

/**
 * Checks a new password as the server will, and estimates how many guesses it would take (zxcvbn). It runs in a browser
 * and sends the password nowhere; the first call fetches the lists it needs.
 *
 * @example
 * ```ts
 * const { accepted, score, message } = await passwordStrength(password, { minLength: 8, username, email });
 * ```
 */
export async function passwordStrength(
  password: string,
  options: PasswordStrengthOptions,
): Promise<PasswordStrength> {
  const { minLength, username = '', email = '', appName = '' } = options;
  const context = { username, email, appName };
  const parsed = newPasswordSchema(minLength).safeParse(password);
  if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? '');
  const weakness = await weaknessOf(password, context);
  if (weakness !== undefined) return refused(weakness);
  const { score, feedback } = (await estimator()).check(password, contextWords(context));
  return { accepted: true, score, message: score >= STRONG ? 'Hard to guess.' : adviceOn(feedback.warning) };
}

function refused(message: string): PasswordStrength {
  return { accepted: false, score: 0, message };
}

const STRONG = 3;

/** Sentences for the names of the estimator's warnings. */
const ADVICE: Readonly<Record<string, string>> = {
  straightRow: 'A row of keys is easy to guess.',
  keyPattern: 'A pattern of keys is easy to guess.',
  simpleRepeat: 'Repeated characters are easy to guess.',
  extendedRepeat: 'Repeated parts are easy to guess.',
  sequences: 'Sequences such as abc or 123 are easy to guess.',
  recentYears: 'Years are easy to guess.',
  dates: 'Dates are easy to guess.',
  topTen: 'It is much like one of the most used passwords.',
  topHundred: 'It is much like one of the most used passwords.',
  common: 'It is much like one of the most used passwords.',
  similarToCommon: 'It is much like one of the most used passwords.',
  userInputs: 'It is too close to your name, e-mail or this app.',
};

function adviceOn(warning: string | null) {
  return ADVICE[warning ?? ''] ?? 'A few more words would make it harder to guess.';
}

let estimators: Promise<ZxcvbnFactory> | undefined;

/** A longer password is strong anyway, and the cost of the estimate grows with the length. */
const MAX_ESTIMATED = 64;

function estimator(): Promise<ZxcvbnFactory> {
  estimators ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory: Estimator }, { dictionary, adjacencyGraphs }]) =>
      new Estimator({ dictionary, graphs: adjacencyGraphs, maxLength: MAX_ESTIMATED }),
  );
  return estimators;
}
