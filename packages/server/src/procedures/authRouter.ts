import { z } from 'zod';
import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { createAccountDeletion } from '../account/deleteAccount.js';
import type { Emails } from '../account/emails.js';
import type { Passwords } from '../account/passwords.js';
import type { Activity } from '../activity/activity.js';
import type { Clock } from '../clock.js';
import { credentialsSchema, loginSchema, registerSchema, userSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { AuthEvents } from '../events/authEvents.js';
import { type CredentialTransport, readEpisode, readRefreshCookie } from '../http/credentials.js';
import type { Limits } from '../limits/limits.js';
import type { SessionStore } from '../session/sessionStore.js';
import type { Sessions } from '../session/sessions.js';
import type { Accounts } from '../signIn/accounts.js';
import type { CompleteSignIn } from '../signIn/completeSignIn.js';
import type { AuthenticateAttempt } from '../signIn/signInWithPassword.js';
import { toUser } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import { createAccountRouter } from './accountRouter.js';
import { createActivityRouter } from './activityRouter.js';
import { createSignIn } from './cookieProcedure.js';
import { createEmailRouter } from './emailRouter.js';
import type { Guards } from './guards.js';
import { createIssueCredentials, type IssueContext, sessionOfAccessToken } from './issueCredentials.js';
import { createPasswordRouter } from './passwordRouter.js';
import { describing } from './procedureMeta.js';
import { noInput, okSchema } from './schemas.js';
import { createSessionsRouter } from './sessionsRouter.js';
import { router } from './trpc.js';

export interface AuthRouterOptions {
  readonly guards: Guards;
  readonly accessTokens: AccessTokens;
  readonly sessions: Sessions;
  readonly sessionStore: Pick<SessionStore, 'find'>;
  readonly users: Users;
  /** Finds out who signs in, within the limits. */
  readonly authenticate: AuthenticateAttempt;
  readonly limits: Limits;
  readonly accounts: Accounts;
  readonly completeSignIn: CompleteSignIn;
  readonly passwords: Passwords;
  readonly emails: Emails;
  readonly deleteAccount: ReturnType<typeof createAccountDeletion>;
  readonly events: AuthEvents;
  readonly activity: Pick<Activity, 'list'>;
  readonly transport: CredentialTransport;
  readonly passwordMinLength: number;
  /** Whether the host has given a way to send mail. */
  readonly sendsMail: boolean;
  /** How old a sign-in may be for what concerns the account as a whole. */
  readonly stepUpMaxAgeMs: number;
  readonly clock: Clock;
  readonly ready: () => Promise<void> | undefined;
}

const refreshInput = z.strictObject({ refreshToken: z.string().max(250).optional() }).optional();

/** The `auth` router: what begins and ends sessions, and beside it `activity`, `sessions`, `password`, `email`, `account`. */
export function createAuthRouter(options: AuthRouterOptions) {
  const { guards, accessTokens, sessions, users, authenticate, limits, events, transport } = options;
  const answer = createIssueCredentials(options);
  const { cookieProcedure } = guards;
  const signIn = createSignIn(options);

  const presentedToken = (
    { latchkey, inBody }: IssueContext,
    input: { refreshToken?: string | undefined } | undefined,
  ) => {
    if (inBody) return input?.refreshToken;
    if (input?.refreshToken !== undefined) {
      throw new AuthError('VALIDATION', { fields: { refreshToken: ['This field is not known.'] } });
    }
    return readRefreshCookie(latchkey, transport.refreshCookie);
  };

  return router({
    register: cookieProcedure
      .input(registerSchema({ passwordMinLength: options.passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember: persistent = false, ...input }, signal }) => {
        const { client } = ctx.latchkey;
        await limits.consume('register', { client });
        const user = await users.create(input, { signal });
        events.emit('user_created', { userId: user._id, client });
        return signIn(user, { persistent }, ctx);
      }),

    login: cookieProcedure
      .input(loginSchema)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember: persistent = false, ...input }, signal }) => {
        const user = await authenticate(input, { client: ctx.latchkey.client, signal });
        return signIn(user, { persistent }, ctx);
      }),

    refresh: cookieProcedure
      .meta(describing({ latchkeyRefreshToken: 'required', latchkeyPathName: 'refresh-token' }))
      .input(refreshInput)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input }) => {
        const token = presentedToken(ctx, input);
        if (token === undefined) throw new AuthError('REFRESH_MISSING');
        const { latchkey } = ctx;
        const from = { episode: readEpisode(latchkey), client: latchkey.client };
        return answer(await sessions.refresh(token, from), ctx);
      }),

    logout: cookieProcedure
      .meta(describing({ latchkeyRefreshToken: 'optional' }))
      .input(refreshInput)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const { latchkey } = ctx;
        const refreshToken = presentedToken(ctx, input);
        const sessionId = sessionOfAccessToken(latchkey, { accessTokens, transport });
        const { client } = latchkey;
        if (sessionId !== undefined) await sessions.end(sessionId, 'logout', client);
        if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken, 'logout', client);
        transport.refreshCookie.clear(latchkey);
        transport.accessCookie?.clear(latchkey);
        return { ok: true as const };
      }),

    me: guards.protectedProcedure
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(noInput)
      .output(userSchema)
      .query(async ({ ctx }) => {
        const user = await users.find(ctx.session.userId);
        if (user === undefined) throw new AuthError('SESSION_REVOKED');
        return toUser(user);
      }),

    activity: createActivityRouter(options),
    sessions: createSessionsRouter(options),
    password: createPasswordRouter({ ...options, signIn }),
    email: createEmailRouter(options),
    account: createAccountRouter(options),
  });
}
