import type { Emails } from '../account/emails.js';
import { changeEmailSchema, verifyEmailSchema } from '../contract/index.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { Limits } from '../limits/limits.js';
import { assertSendsMail } from './assertSendsMail.js';
import type { Guards } from './guards.js';
import { optionalInput } from './optionalInput.js';
import { noInput, okSchema } from './schemas.js';
import { router } from './trpc.js';

/** `auth.email`: verifying and changing e-mail addresses. */
export function createEmailRouter(options: {
  guards: Guards;
  emails: Emails;
  limits: Limits;
  sendsMail: boolean;
  stepUpMaxAgeMs: number;
  ready: () => Promise<void> | undefined;
}) {
  const { guards, emails, limits, sendsMail, stepUpMaxAgeMs, ready } = options;
  return router({
    requestVerification: guards.protectedProcedure
      .concat(optionalInput)
      .input(noInput)
      .output(okSchema)
      .mutation(async ({ ctx }) => {
        assertSendsMail(sendsMail);
        const { client } = ctx.latchkey;
        const { userId } = ctx.session;
        await limits.consume('email-verification', { client, userId });
        await emails.requestVerification(userId, client);
        return { ok: true as const };
      }),

    verify: guards.publicProcedure
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(verifyEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await ready();
        const { client } = ctx.latchkey;
        await limits.consume('link', { client });
        await emails.verify({ token: input.token, client });
        return { ok: true as const };
      }),

    change: guards
      .recentProcedure({ maxAgeMs: stepUpMaxAgeMs })
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(changeEmailSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        assertSendsMail(sendsMail);
        const { client } = ctx.latchkey;
        const { userId } = ctx.session;
        await limits.consume('email-verification', { client, userId });
        await emails.requestChange({ userId, client, ...input });
        return { ok: true as const };
      }),
  });
}
