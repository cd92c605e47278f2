import {
  changePasswordSchema,
  credentialsSchema,
  requestResetSchema,
  resetPasswordSchema,
} from '../contract.js';
import type { Passwords } from '../password/passwords.js';
import type { SessionStore } from '../session/sessionStore.js';
import { assertSendsMail } from './assertSendsMail.js';
import type { CookieProcedure, SignIn } from './cookieProcedure.js';
import { toErrorShape } from './errorShape.js';
import { type Guards, router } from './guards.js';
import { okSchema } from './schemas.js';

export interface PasswordRouterOptions {
  readonly guards: Guards;
  readonly cookieProcedure: CookieProcedure;
  readonly signIn: SignIn;
  readonly passwords: Passwords;
  readonly sessionStore: Pick<SessionStore, 'find'>;
  readonly passwordMinLength: number;
  readonly sendsMail: boolean;
  readonly ready: () => Promise<void> | undefined;
}

/** `auth.password`: changing and resetting passwords. */
export function createPasswordRouter(options: PasswordRouterOptions) {
  const { guards, cookieProcedure, signIn, passwords, sessionStore, passwordMinLength, ready } = options;
  const open = guards.publicProcedure.errors(({ error, path }) => toErrorShape(error, path));
  return router({
    change: cookieProcedure
      .concat(guards.strictProcedure)
      .input(changePasswordSchema({ passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { revokeOthers = true, ...input } }) => {
        const { id: sessionId, userId } = ctx.session;
        const replaced = await sessionStore.find(sessionId);
        const { ip } = ctx.latchkey.client;
        const user = await passwords.change({ userId, sessionId, revokeOthers, ip, ...input });
        return signIn(user, { persistent: replaced?.persistent ?? false }, ctx);
      }),

    requestReset: open
      .input(requestResetSchema)
      .output(okSchema)
      .mutation(async ({ input }) => {
        assertSendsMail(options.sendsMail);
        await ready();
        passwords.requestReset(input.email);
        return { ok: true as const };
      }),

    reset: open
      .input(resetPasswordSchema({ passwordMinLength }))
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await ready();
        await passwords.reset({ ...input, ip: ctx.latchkey.client.ip });
        return { ok: true as const };
      }),
  });
}
