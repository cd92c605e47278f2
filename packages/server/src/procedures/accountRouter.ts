import type { DeleteAccount } from '../account/deleteAccount.js';
import { deleteAccountSchema } from '../contract/index.js';
import { shapeError } from '../errors/errorShape.js';
import type { Guards } from './guards.js';
import { OK, okSchema } from './schemas.js';
import { router } from './trpc.js';

/** `auth.account`: the account as a whole. */
export function createAccountRouter(parts: {
  guards: Guards;
  deleteAccount: DeleteAccount;
  stepUpMaxAgeMs: number;
}) {
  const { guards, deleteAccount, stepUpMaxAgeMs } = parts;
  return router({
    delete: guards
      .recentProcedure({ maxAgeMs: stepUpMaxAgeMs })
      .errors(shapeError)
      .input(deleteAccountSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        await deleteAccount({ ...input, userId: ctx.session.userId, client: ctx.latchkey.client });
        return OK;
      }),
  });
}
