import { z } from 'zod';
import { pageInput, pageOf } from './pages.js';
import { text } from './text.js';
import { emailSchema, newPasswordSchema, passwordSchema } from './user.js';

const linkTokenSchema = text(128).min(1, 'The link has no token.');

/** The input of `auth.password.change`; `revokeOthers` is true by default. */
export function changePasswordSchema(options: { passwordMinLength: number }) {
  return z.strictObject({
    currentPassword: passwordSchema,
    newPassword: newPasswordSchema(options.passwordMinLength),
    revokeOthers: z.boolean().optional(),
  });
}

/** The input of `auth.password.requestReset`. */
export const requestResetSchema = z.strictObject({ email: emailSchema });

/** The input of `auth.password.reset`; `token` is the one in the mailed link. */
export function resetPasswordSchema(options: { passwordMinLength: number }) {
  return z.strictObject({
    token: linkTokenSchema,
    newPassword: newPasswordSchema(options.passwordMinLength),
  });
}

/** The input of `auth.email.verify`; `token` is the one in the mailed link. */
export const verifyEmailSchema = z.strictObject({ token: linkTokenSchema });

/** The input of `auth.email.change`: the new address and the account's password. */
export const changeEmailSchema = z.strictObject({ email: emailSchema, password: passwordSchema });

/** The input of `auth.account.delete`. */
export const deleteAccountSchema = z.strictObject({ password: passwordSchema });

/** The device that holds a session, read from its user agent; `Unknown` and `unknown` where that says nothing. */
export const deviceSchema = z.strictObject({
  browser: z.string(),
  os: z.string(),
  type: z.enum(['desktop', 'mobile', 'tablet', 'tv', 'bot', 'unknown']),
});

/** One live session in the output of `auth.sessions.list`. */
export const sessionInfoSchema = z.strictObject({
  id: z.string(),
  /** Whether it is the caller's session. */
  current: z.boolean(),
  createdAt: z.iso.datetime(),
  /** When it was last refreshed. */
  lastUsedAt: z.iso.datetime(),
  /** Its absolute end. */
  expiresAt: z.iso.datetime(),
  /** The address that it was started from. */
  ip: z.string(),
  device: deviceSchema,
});

/** The input of `auth.sessions.revoke`. */
export const revokeSessionSchema = z.strictObject({ id: text(64) });

/** The input of `auth.activity.list`; `limit` is 50 by default. */
export const activityListSchema = z.strictObject(pageInput).optional();

/** One event of an account. `ip` and `device` are null where the person did not cause it. */
export const activityItemSchema = z.strictObject({
  at: z.iso.datetime(),
  /** The name of a security event. */
  type: z.string(),
  ip: z.string().nullable(),
  device: deviceSchema.nullable(),
});

/** The output of `auth.activity.list`, newest first. */
export const activityPageSchema = pageOf(activityItemSchema);

/** The device that holds a session. */
export type Device = z.infer<typeof deviceSchema>;
/** One live session in the output of `auth.sessions.list`. */
export type SessionInfo = z.infer<typeof sessionInfoSchema>;
/** One event of an account. */
export type ActivityItem = z.infer<typeof activityItemSchema>;
