import { z } from 'zod';

export type { AuthReason, FieldMessages } from './errors.js';

const NUL = '\u0000';
const MAX_PASSWORD_CODE_POINTS = 256;

const text = (max: number) =>
  z
    .string()
    .max(max, `At most ${max} characters.`)
    .refine((value) => !value.includes(NUL), 'Must not contain a null character.')
    .refine((value) => !/\p{Surrogate}/u.test(value), 'Must be well-formed text.');

/** A username: 3–32 of letters, digits, `_ . -`; unique without regard to case; never an e-mail address. */
export const usernameSchema = z
  .string()
  .min(3, 'At least 3 characters.')
  .max(32, 'At most 32 characters.')
  .regex(/^[A-Za-z0-9_.-]*$/, 'Only letters, digits and _ . - are allowed.');

/**
 * An e-mail address, normalised (NFKC, trimmed, lower case) before it is validated, so that what is
 * checked is what is stored and mailed to (CVE-2026-73420).
 */
export const emailSchema = text(320)
  .transform((value) => value.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email('This is not an e-mail address.').max(254, 'At most 254 characters.'));

const codePoints = (value: string) => [...value].length;

/**
 * A new password: `minLength` to 256 code points, no composition rules, taken exactly as sent
 * (NIST SP 800-63B-4, 3.1.1.2). Whether it is common is checked where the list is, on the server.
 */
export const newPasswordSchema = (minLength: number) =>
  text(2 * MAX_PASSWORD_CODE_POINTS)
    .refine((value) => codePoints(value) >= minLength, `At least ${minLength} characters.`)
    .refine(
      (value) => codePoints(value) <= MAX_PASSWORD_CODE_POINTS,
      `At most ${MAX_PASSWORD_CODE_POINTS} characters.`,
    );

/** A password as typed at sign-in: bounded, else not judged, so that a changed policy locks nobody out. */
export const passwordSchema = text(2 * MAX_PASSWORD_CODE_POINTS).min(1, 'Enter a password.');

/** What `auth.register` takes. */
export const registerSchema = (options: { passwordMinLength: number }) =>
  z.strictObject({
    username: usernameSchema,
    email: emailSchema,
    password: newPasswordSchema(options.passwordMinLength),
    remember: z.boolean().optional(),
  });

/** What `auth.login` takes; `identifier` is a username or an e-mail address. */
export const loginSchema = z.strictObject({
  identifier: text(320).min(1, 'Enter a username or an e-mail address.'),
  password: passwordSchema,
  remember: z.boolean().optional(),
});

/** A user, as clients see it. */
export const userSchema = z.strictObject({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  roles: z.array(z.string()),
  createdAt: z.iso.datetime(),
});

/** What sign-in and refresh answer; `expiresIn` is the access token's life in seconds. */
export const credentialsSchema = z.strictObject({
  user: userSchema,
  session: z.strictObject({ id: z.string(), generation: z.number().int(), expiresAt: z.iso.datetime() }),
  accessToken: z.string(),
  expiresIn: z.number(),
  /** Only where the client asked for it by `x-latchkey-transport: body`. */
  refreshToken: z.string().optional(),
});

/** A session id, as clients name it. */
const sessionIdSchema = text(64);

/** The token of a mailed link. */
const linkTokenSchema = text(128).min(1, 'The link has no token.');

/** What is known of the device that holds a session; `Unknown` and `unknown` where it told nothing. */
export const deviceSchema = z.strictObject({
  browser: z.string(),
  os: z.string(),
  type: z.enum(['desktop', 'mobile', 'tablet', 'tv', 'bot', 'unknown']),
});

/** One live session, as `auth.sessions.list` tells of it. */
export const sessionInfoSchema = z.strictObject({
  id: z.string(),
  /** Whether it is the caller's own. */
  current: z.boolean(),
  createdAt: z.iso.datetime(),
  /** When it was last refreshed. */
  lastUsedAt: z.iso.datetime(),
  /** Its absolute end. */
  expiresAt: z.iso.datetime(),
  /** Where it was begun from. */
  ip: z.string(),
  device: deviceSchema,
});

/** What `auth.sessions.revoke` takes. */
export const revokeSessionSchema = z.strictObject({ id: sessionIdSchema });

/** What `auth.password.change` takes; `revokeOthers` is true unless given. */
export const changePasswordSchema = (options: { passwordMinLength: number }) =>
  z.strictObject({
    currentPassword: passwordSchema,
    newPassword: newPasswordSchema(options.passwordMinLength),
    revokeOthers: z.boolean().optional(),
  });

/** What `auth.password.requestReset` takes. */
export const requestResetSchema = z.strictObject({ email: emailSchema });

/** What `auth.password.reset` takes. */
export const resetPasswordSchema = (options: { passwordMinLength: number }) =>
  z.strictObject({ token: linkTokenSchema, newPassword: newPasswordSchema(options.passwordMinLength) });

/** What `auth.email.verify` takes. */
export const verifyEmailSchema = z.strictObject({ token: linkTokenSchema });

/** What `auth.email.change` takes: the new address and the account's password. */
export const changeEmailSchema = z.strictObject({ email: emailSchema, password: passwordSchema });

/** What `auth.account.delete` takes. */
export const deleteAccountSchema = z.strictObject({ password: passwordSchema });

/** A user, as clients see it. */
export type User = z.infer<typeof userSchema>;
/** What sign-in and refresh answer. */
export type Credentials = z.infer<typeof credentialsSchema>;
/** What `auth.register` takes. */
export type RegisterInput = z.input<ReturnType<typeof registerSchema>>;
/** What `auth.login` takes. */
export type LoginInput = z.input<typeof loginSchema>;
/** What is known of the device that holds a session. */
export type Device = z.infer<typeof deviceSchema>;
/** One live session, as `auth.sessions.list` tells of it. */
export type SessionInfo = z.infer<typeof sessionInfoSchema>;
