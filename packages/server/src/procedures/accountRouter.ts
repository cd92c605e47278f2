import type { createAccountDeletion } from '../account/deleteAccount.js';
import { deleteAccountSchema } from '../contract/index.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { Guards } from './guards.js';
import { okSchema } from './schemas.js';
import { router } from './trpc.js';

/** `auth.account`: the account as a whole. */
export function createAccountRouter(options: {
  guards: Guards;
  deleteAccount: ReturnType<typeof createAccountDeletion>;
  stepUpMaxAgeMs: number;
}) {
  const { guards, deleteAccount, stepUpMaxAgeMs } = options;
  return router({
    delete: guards
      .recentProcedure({ maxAgeMs: stepUpMaxAgeMs })
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(deleteAccountSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const { client } = ctx.latchkey;
        await deleteAccount({ userId: ctx.session.userId, password: input.password, client });
        return { ok: true as const };
      }),
  });
}
