import type { ChangePassword } from '../account/changePassword.js';
import type { RequestPasswordReset } from '../account/requestPasswordReset.js';
import type { ResetPassword } from '../account/resetPassword.js';
import {
  changePasswordSchema,
  credentialsSchema,
  requestResetSchema,
  resetPasswordSchema,
} from '../contract/index.js';
import { shapeError } from '../errors/errorShape.js';
import type { CredentialTransport } from '../http/credentials.js';
import { assertSendsMail } from './assertSendsMail.js';
import type { Guards } from './guards.js';
import { type IssueCredentials, replacedToken } from './issueCredentials.js';
import { OK, okSchema } from './schemas.js';
import { router } from './trpc.js';

interface PasswordRouterParts {
  readonly guards: Guards;
  readonly changePassword: ChangePassword;
  readonly requestPasswordReset: RequestPasswordReset;
  readonly resetPassword: ResetPassword;
  readonly issueCredentials: IssueCredentials;
  readonly transport: CredentialTransport;
  readonly passwordMinLength: number;
  readonly sendsMail: boolean;
  readonly ready: () => Promise<void> | undefined;
}

/** `auth.password`: changing and resetting passwords. */
export function createPasswordRouter(parts: PasswordRouterParts) {
  const { guards, issueCredentials, transport, passwordMinLength } = parts;
  const publicProcedure = guards.publicProcedure.errors(shapeError);
  return router({
    change: guards.cookieProcedure
      .concat(guards.strictProcedure)
      .input(changePasswordSchema({ passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { revokeOthers = true, ...input } }) => {
        const { id: sessionId, userId } = ctx.session;
        const { client } = ctx.latchkey;
        const replaces = replacedToken(ctx, transport);
        const change = { ...input, userId, sessionId, revokeOthers, client, replaces };
        return issueCredentials(await parts.changePassword(change), ctx);
      }),

    requestReset: publicProcedure
      .input(requestResetSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        assertSendsMail(parts.sendsMail);
        await parts.ready();
        await parts.requestPasswordReset(input.email, ctx.latchkey.client);
        return OK;
      }),

    reset: publicProcedure
      .input(resetPasswordSchema({ passwordMinLength }))
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await parts.ready();
        await parts.resetPassword({ ...input, client: ctx.latchkey.client });
        return OK;
      }),
  });
}
