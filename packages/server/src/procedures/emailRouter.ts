import { changeEmailSchema, verifyEmailSchema } from '../contract.js';
import type { Emails } from '../user/emails.js';
import { assertSendsMail } from './assertSendsMail.js';
import { toErrorShape } from './errorShape.js';
import { type Guards, router } from './guards.js';
import { optionalInput } from './optionalInput.js';
import { noInput, okSchema } from './schemas.js';

/** `auth.email`: verifying and changing e-mail addresses. */
export function createEmailRouter(options: {
  guards: Guards;
  emails: Emails;
  sendsMail: boolean;
  stepUpMaxAgeMs: number;
  ready: () => Promise<void> | undefined;
}) {
  const { guards, emails, sendsMail, stepUpMaxAgeMs, ready } = options;
  return router({
    requestVerification: guards.protectedProcedure
      .concat(optionalInput)
      .input(noInput)
      .output(okSchema)
      .mutation(async ({ ctx }) => {
        assertSendsMail(sendsMail);
        await emails.requestVerification(ctx.session.userId);
        return { ok: true as const };
      }),

    verify: guards.publicProcedure
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(verifyEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await ready();
        await emails.verify({ token: input.token, ip: ctx.latchkey.client.ip });
        return { ok: true as const };
      }),

    change: guards
      .recentProcedure({ maxAgeMs: stepUpMaxAgeMs })
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(changeEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        assertSendsMail(sendsMail);
        await emails.requestChange({ userId: ctx.session.userId, ...input });
        return { ok: true as const };
      }),
  });
}
