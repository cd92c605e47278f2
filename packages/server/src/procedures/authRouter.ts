import { z } from 'zod';
import { credentialsSchema, loginSchema, registerSchema, userSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { shapeError } from '../errors/errorShape.js';
import { readEpisode, readRefreshCookie } from '../http/credentials.js';
import type { Sessions } from '../session/sessions.js';
import type { Register } from '../signIn/register.js';
import type { SignInWithPassword } from '../signIn/signInWithPassword.js';
import type { SignOut } from '../signIn/signOut.js';
import { toUser } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import { createAccountRouter } from './accountRouter.js';
import { createActivityRouter } from './activityRouter.js';
import { createEmailRouter } from './emailRouter.js';
import {
  createIssueCredentials,
  type IssueContext,
  type IssueCredentialsParts,
  replacedToken,
  sessionOfAccessToken,
} from './issueCredentials.js';
import { createPasswordRouter } from './passwordRouter.js';
import type { ProcedureMeta } from './procedureMeta.js';
import { noInput, OK, okSchema } from './schemas.js';
import { createSessionsRouter } from './sessionsRouter.js';
import { router } from './trpc.js';

type NestedParts = Parameters<typeof createActivityRouter>[0] &
  Parameters<typeof createSessionsRouter>[0] &
  Omit<Parameters<typeof createPasswordRouter>[0], 'issueCredentials'> &
  Parameters<typeof createEmailRouter>[0] &
  Parameters<typeof createAccountRouter>[0];

interface AuthRouterParts extends NestedParts, IssueCredentialsParts {
  readonly sessions: Pick<Sessions, 'list' | 'endOwn' | 'refresh'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly signInWithPassword: SignInWithPassword;
  readonly register: Register;
  readonly signOut: SignOut;
}

const refreshInput = z.strictObject({ refreshToken: z.string().max(250).optional() }).optional();

/** The `auth` router: what begins, renews and ends sessions, and the routers nested in it. */
export function createAuthRouter(parts: AuthRouterParts) {
  const { guards, sessions, users, transport } = parts;
  const { cookieProcedure, protectedProcedure } = guards;
  const issueCredentials = createIssueCredentials(parts);

  function presentedToken(ctx: IssueContext, input: z.infer<typeof refreshInput>): string | undefined {
    if (ctx.inBody) return input?.refreshToken;
    if (input?.refreshToken !== undefined)
      throw new AuthError('VALIDATION', { fields: { refreshToken: ['This field is not known.'] } });
    return readRefreshCookie(ctx.latchkey, transport.refreshCookie);
  }

  return router({
    register: cookieProcedure
      .input(registerSchema({ passwordMinLength: parts.passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember: persistent = false, ...input }, signal }) => {
        const request = {
          persistent,
          client: ctx.latchkey.client,
          replaces: replacedToken(ctx, transport),
          signal,
        };
        return issueCredentials(await parts.register(input, request), ctx);
      }),

    login: cookieProcedure
      .input(loginSchema)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember: persistent = false, ...input }, signal }) => {
        const request = {
          persistent,
          client: ctx.latchkey.client,
          replaces: replacedToken(ctx, transport),
          signal,
        };
        return issueCredentials(await parts.signInWithPassword(input, request), ctx);
      }),

    refresh: cookieProcedure
      .meta({ latchkeyRefreshToken: 'required', latchkeyPathName: 'refresh-token' } satisfies ProcedureMeta)
      .input(refreshInput)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input }) => {
        const token = presentedToken(ctx, input);
        if (token === undefined) throw new AuthError('REFRESH_MISSING');
        const { latchkey } = ctx;
        const from = { episode: readEpisode(latchkey), client: latchkey.client };
        return issueCredentials(await sessions.refresh(token, from), ctx);
      }),

    logout: cookieProcedure
      .meta({ latchkeyRefreshToken: 'optional' } satisfies ProcedureMeta)
      .input(refreshInput)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const { latchkey } = ctx;
        const refreshToken = presentedToken(ctx, input);
        const sessionId = sessionOfAccessToken(latchkey, parts);
        await parts.signOut({ sessionId, refreshToken, client: latchkey.client });
        transport.refreshCookie.clear(latchkey);
        transport.accessCookie?.clear(latchkey);
        return OK;
      }),

    me: protectedProcedure
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
