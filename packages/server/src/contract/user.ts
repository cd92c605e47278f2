import { z } from 'zod';
import { text } from './text.js';

const MAX_PASSWORD_CODE_POINTS = 256;

/** A username: 3 to 32 of letters, digits and `_ . -`; unique without regard to case; never an e-mail address. */
export const usernameSchema = z
  .string()
  .min(3, 'At least 3 characters.')
  .max(32, 'At most 32 characters.')
  .regex(/^[A-Za-z0-9_.-]*$/, 'Only letters, digits and _ . - are allowed.');

/**
 * An e-mail address. It is normalised (NFKC, trimmed, lower case) before it is validated, so that the checked address
 * is the one that is stored and mailed to (CVE-2026-73420).
 */
export const emailSchema = text(320)
  .transform((value) => value.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email('This is not an e-mail address.').max(254, 'At most 254 characters.'));

/**
 * A new password: `minLength` to 256 code points, no composition rules, unchanged (NIST SP 800-63B-4, 3.1.1.2). The
 * server checks whether it is a common one, because it has the list.
 */
export function newPasswordSchema(minLength: number) {
  return text(2 * MAX_PASSWORD_CODE_POINTS)
    .refine((value) => codePoints(value) >= minLength, `At least ${minLength} characters.`)
    .refine(
      (value) => codePoints(value) <= MAX_PASSWORD_CODE_POINTS,
      `At most ${MAX_PASSWORD_CODE_POINTS} characters.`,
    );
}

function codePoints(value: string): number {
  return [...value].length;
}

/** A password as typed at sign-in. Only its length is limited, so that a changed policy locks nobody out. */
export const passwordSchema = text(2 * MAX_PASSWORD_CODE_POINTS).min(1, 'Enter a password.');

/** A user, as clients see it. */
export const userSchema = z.strictObject({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  roles: z.array(z.string()),
  createdAt: z.iso.datetime(),
});

/** A user, as clients see it. */
export type User = z.infer<typeof userSchema>;
