import { z } from 'zod';

export type { FieldMessages } from '../errors/authError.js';
export type { AuthReason } from '../errors/reasons.js';

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

/**
 * The part of a page's input that all lists share. A first page has no cursor; `direction` comes along with
 * tRPC's infinite queries, which only ever go forward here.
 */
const pageInput = {
  cursor: text(64).nullish(),
  limit: z.number().int().min(1, 'At least 1.').max(100, 'At most 100.').optional(),
  direction: z.literal('forward').optional(),
};

/** What `auth.activity.list` takes; `limit` is 50 unless given. */
export const activityListSchema = z.strictObject(pageInput).optional();

/** One thing that happened to an account; without `ip` and `device` where the person had no part in it. */
export const activityItemSchema = z.strictObject({
  at: z.iso.datetime(),
  /** The name of a security event. */
  type: z.string(),
  ip: z.string().nullable(),
  device: deviceSchema.nullable(),
});

/** What `auth.activity.list` answers, newest first; `nextCursor` is null on the last page. */
export const activityPageSchema = z.strictObject({
  items: z.array(activityItemSchema),
  nextCursor: z.string().nullable(),
});

/** What `admin.users.list` takes: the beginning of a name or an e-mail address; `limit` is 50 unless given. */
export const adminUserListSchema = z.strictObject({ ...pageInput, search: text(320).optional() }).optional();

/** What `admin.users.list` answers, by name; `nextCursor` is null on the last page. */
export const adminUserPageSchema = z.strictObject({
  items: z.array(userSchema.extend({ disabled: z.boolean() })),
  nextCursor: z.string().nullable(),
});

/** What `admin.users.disable`, `enable` and `revokeSessions` take: the id of a user. */
export const adminUserSchema = z.strictObject({ id: text(64) });

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
/** One thing that happened to an account. */
export type ActivityItem = z.infer<typeof activityItemSchema>;
/** A user, as administrators see it. */
export type AdminUser = z.infer<typeof adminUserPageSchema>['items'][number];
