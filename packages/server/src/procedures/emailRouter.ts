import type { RequestEmailChange } from '../account/requestEmailChange.js';
import type { RequestEmailVerification } from '../account/requestEmailVerification.js';
import type { VerifyEmail } from '../account/verifyEmail.js';
import { changeEmailSchema, verifyEmailSchema } from '../contract/index.js';
import { shapeError } from '../errors/errorShape.js';
import { assertSendsMail } from './assertSendsMail.js';
import type { Guards } from './guards.js';
import { optionalInput } from './optionalInput.js';
import { noInput, OK, okSchema } from './schemas.js';
import { router } from './trpc.js';

interface EmailRouterParts {
  readonly guards: Guards;
  readonly requestEmailVerification: RequestEmailVerification;
  readonly requestEmailChange: RequestEmailChange;
  readonly verifyEmail: VerifyEmail;
  readonly sendsMail: boolean;
  readonly stepUpMaxAgeMs: number;
  readonly ready: () => Promise<void> | undefined;
}

/** `auth.email`: verifying and changing e-mail addresses. */
export function createEmailRouter(parts: EmailRouterParts) {
  const { guards, sendsMail, stepUpMaxAgeMs } = parts;
  return router({
    requestVerification: guards.protectedProcedure
      .concat(optionalInput)
      .input(noInput)
      .output(okSchema)
      .mutation(async ({ ctx }) => {
        assertSendsMail(sendsMail);
        await parts.requestEmailVerification(ctx.session.userId, ctx.latchkey.client);
        return OK;
      }),

    verify: guards.publicProcedure
      .errors(shapeError)
      .input(verifyEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await parts.ready();
        await parts.verifyEmail({ ...input, client: ctx.latchkey.client });
        return OK;
      }),

    change: guards
      .recentProcedure({ maxAgeMs: stepUpMaxAgeMs })
      .errors(shapeError)
      .input(changeEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        assertSendsMail(sendsMail);
        const { userId } = ctx.session;
        await parts.requestEmailChange({ ...input, userId, client: ctx.latchkey.client });
        return OK;
      }),
  });
}
