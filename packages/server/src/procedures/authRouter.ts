import { z } from 'zod';
import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { Clock } from '../clock.js';
import { credentialsSchema, loginSchema, registerSchema, userSchema } from '../contract.js';
import { AuthError } from '../errors.js';
import type { AuthEvents } from '../events.js';
import {
  type CredentialTransport,
  readEpisode,
  readRefreshCookie,
  wantsBodyTransport,
} from '../http/credentials.js';
import { assertNotForged } from '../http/csrf.js';
import type { Sessions } from '../session/sessions.js';
import { toUser, type UserRecord } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import { type AnswerContext, createAnswer, sessionOfAccessToken } from './answer.js';
import { toErrorShape } from './errorShape.js';
import { type Guards, guarding, router, shapingAll } from './guards.js';

export interface AuthRouterOptions {
  readonly guards: Guards;
  readonly accessTokens: AccessTokens;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly events: AuthEvents;
  readonly transport: CredentialTransport;
  readonly passwordMinLength: number;
  readonly clock: Clock;
  readonly ready: () => Promise<void> | undefined;
}

/** The procedures that read or set a cookie, by name. */
export const COOKIE_PROCEDURES = ['register', 'login', 'refresh', 'logout'] as const;

const okSchema = z.strictObject({ ok: z.literal(true) });
const noInput = z.strictObject({}).optional();
const refreshInput = z.strictObject({ refreshToken: z.string().max(250).optional() }).optional();

/** The `auth` router: `register`, `login`, `refresh`, `logout`, `me`. */
export function createAuthRouter(options: AuthRouterOptions) {
  const { guards, accessTokens, sessions, users, events, transport, clock, ready } = options;
  const answer = createAnswer({ accessTokens, transport, clock });

  /** For procedures that read or set a cookie: the CSRF rule first, so that nothing runs before it. */
  const cookieProcedure = shapingAll
    .use(
      guarding(async (exchange) => {
        assertNotForged(exchange, transport.allowedOrigins);
        if (exchange.streamed) throw new AuthError('STREAM_NOT_ALLOWED');
        const inBody = wantsBodyTransport(exchange);
        await ready();
        return { inBody };
      }),
    )
    // A POST with nothing in it is no broken JSON: it is a call without input.
    .use(({ ctx, getRawInput, next }) =>
      next({ getRawInput: async () => (ctx.latchkey.hasBody ? getRawInput() : undefined) }),
    );

  const presentedToken = (
    { latchkey, inBody }: AnswerContext,
    input: { refreshToken?: string | undefined } | undefined,
  ) => {
    if (inBody) return input?.refreshToken;
    if (input?.refreshToken !== undefined) {
      throw new AuthError('VALIDATION', { fields: { refreshToken: ['This field is not known.'] } });
    }
    return readRefreshCookie(latchkey, transport.refreshCookie);
  };

  const signIn = async (user: UserRecord, remember: boolean, ctx: AnswerContext) => {
    const { latchkey, inBody } = ctx;
    const [replaced] = inBody ? [] : transport.refreshCookie.read(latchkey);
    const grant = await sessions.begin(toUser(user), {
      persistent: remember,
      client: latchkey.client,
      replaces: replaced,
      confirm: () => users.confirmSignIn(user),
    });
    return answer(grant, ctx);
  };

  return router({
    register: cookieProcedure
      .input(registerSchema({ passwordMinLength: options.passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember = false, ...input } }) => {
        const user = await users.create(input);
        events.emit('user_created', { userId: user._id, ip: ctx.latchkey.client.ip });
        return signIn(user, remember, ctx);
      }),

    login: cookieProcedure
      .input(loginSchema)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember = false, ...input } }) => {
        const { ip } = ctx.latchkey.client;
        const user = await users.authenticate(input).catch((error: unknown) => {
          if (error instanceof AuthError) events.emit('authn_login_fail', { ip, detail: error.reason });
          throw error;
        });
        events.emit('authn_login_success', { userId: user._id, ip });
        return signIn(user, remember, ctx);
      }),

    refresh: cookieProcedure
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
      .input(refreshInput)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const { latchkey } = ctx;
        const refreshToken = presentedToken(ctx, input);
        const sessionId = sessionOfAccessToken(latchkey, { accessTokens, transport });
        if (sessionId !== undefined) await sessions.end(sessionId, 'logout');
        if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken, 'logout');
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
  });
}
