import { z } from 'zod';
import { text } from './text.js';
import { emailSchema, newPasswordSchema, passwordSchema, usernameSchema, userSchema } from './user.js';

/**
 * The input of `auth.register`.
 *
 * @example
 * ```ts
 * import { registerSchema } from '@latchkey/server/contract';
 *
 * const form = registerSchema({ passwordMinLength: 8 });
 * const result = form.safeParse({ username: 'ada', email: 'ada@example.com', password: 'a long password' });
 * ```
 */
export function registerSchema(options: { passwordMinLength: number }) {
  return z.strictObject({
    username: usernameSchema,
    email: emailSchema,
    password: newPasswordSchema(options.passwordMinLength),
    remember: z.boolean().optional(),
  });
}

/** The input of `auth.login`; `identifier` is a username or an e-mail address. */
export const loginSchema = z.strictObject({
  identifier: text(320).min(1, 'Enter a username or an e-mail address.'),
  password: passwordSchema,
  remember: z.boolean().optional(),
});

/** The output of sign-in and refresh. */
export const credentialsSchema = z.strictObject({
  user: userSchema,
  session: z.strictObject({ id: z.string(), generation: z.number().int(), expiresAt: z.iso.datetime() }),
  accessToken: z.string(),
  /** The access token's lifetime in seconds. */
  expiresIn: z.number(),
  /** Present if the client sent `x-latchkey-transport: body`. */
  refreshToken: z.string().optional(),
});

/** The output of sign-in and refresh. */
export type Credentials = z.infer<typeof credentialsSchema>;
/** The input of `auth.register`. */
export type RegisterInput = z.input<ReturnType<typeof registerSchema>>;
/** The input of `auth.login`. */
export type LoginInput = z.input<typeof loginSchema>;
