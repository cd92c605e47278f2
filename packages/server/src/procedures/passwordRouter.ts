import type { Passwords } from '../account/passwords.js';
import {
  changePasswordSchema,
  credentialsSchema,
  requestResetSchema,
  resetPasswordSchema,
} from '../contract/index.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { Limits } from '../limits/limits.js';
import type { SessionStore } from '../session/sessionStore.js';
import { assertSendsMail } from './assertSendsMail.js';
import type { SignIn } from './cookieProcedure.js';
import type { Guards } from './guards.js';
import { okSchema } from './schemas.js';
import { router } from './trpc.js';

export interface PasswordRouterOptions {
  readonly guards: Guards;
  readonly signIn: SignIn;
  readonly passwords: Passwords;
  readonly limits: Limits;
  readonly sessionStore: Pick<SessionStore, 'find'>;
  readonly passwordMinLength: number;
  readonly sendsMail: boolean;
  readonly ready: () => Promise<void> | undefined;
}

/** `auth.password`: changing and resetting passwords. */
export function createPasswordRouter(options: PasswordRouterOptions) {
  const { guards, signIn, passwords, limits, sessionStore, passwordMinLength } = options;
  const open = guards.publicProcedure.errors(({ error, path }) => toErrorShape(error, path));
  return router({
    change: guards.cookieProcedure
      .concat(guards.strictProcedure)
      .input(changePasswordSchema({ passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { revokeOthers = true, ...input } }) => {
        const { id: sessionId, userId } = ctx.session;
        const replaced = await sessionStore.find(sessionId);
        const { client } = ctx.latchkey;
        const user = await passwords.change({ userId, sessionId, revokeOthers, client, ...input });
        return signIn(user, { persistent: replaced?.persistent ?? false }, ctx);
      }),

    requestReset: open
      .input(requestResetSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        assertSendsMail(options.sendsMail);
        const { client } = ctx.latchkey;
        await options.ready();
        await limits.consume('password-reset', { client });
        passwords.requestReset(input.email, client);
        return { ok: true as const };
      }),

    reset: open
      .input(resetPasswordSchema({ passwordMinLength }))
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const { client } = ctx.latchkey;
        await options.ready();
        await limits.consume('link', { client });
        await passwords.reset({ ...input, client });
        return { ok: true as const };
      }),
  });
}
