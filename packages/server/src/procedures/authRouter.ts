import { userSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { shapeError } from '../errors/errorShape.js';
import { toUser } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import { createAccountRouter } from './accountRouter.js';
import { createActivityRouter } from './activityRouter.js';
import { createEmailRouter } from './emailRouter.js';
import { createIssueCredentials } from './issueCredentials.js';
import { createPasswordRouter } from './passwordRouter.js';
import { noInput } from './schemas.js';
import { createSessionsRouter } from './sessionsRouter.js';
import {
  createRefreshTokenProcedures,
  createSignInProcedures,
  type SignInProceduresParts,
} from './signInProcedures.js';
import { router } from './trpc.js';

type AuthRouterParts = Omit<SignInProceduresParts, 'issueCredentials'> &
  Omit<Parameters<typeof createPasswordRouter>[0], 'issueCredentials'> &
  Parameters<typeof createActivityRouter>[0] &
  Parameters<typeof createSessionsRouter>[0] &
  Parameters<typeof createEmailRouter>[0] &
  Parameters<typeof createAccountRouter>[0] & { readonly users: Pick<UserStore, 'find'> };

/** The `auth` router. */
export function createAuthRouter(parts: AuthRouterParts) {
  const { guards, users } = parts;
  const issueCredentials = createIssueCredentials(parts);
  return router({
    ...createSignInProcedures({ ...parts, issueCredentials }),
    ...createRefreshTokenProcedures({ ...parts, issueCredentials }),

    me: guards.protectedProcedure
      .errors(shapeError)
      .input(noInput)
      .output(userSchema)
      .query(async ({ ctx }) => {
        const user = await users.find(ctx.session.userId);
        if (user === undefined) throw new AuthError('SESSION_REVOKED');
        return toUser(user);
      }),

    activity: createActivityRouter(parts),
    sessions: createSessionsRouter(parts),
    password: createPasswordRouter({ ...parts, issueCredentials }),
    email: createEmailRouter(parts),
    account: createAccountRouter(parts),
  });
}
