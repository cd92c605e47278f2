import { publicJwks } from './accessToken/signingKeys.js';
import { createContext, createSocketContext } from './adapters/context.js';
import { createHttpHandler } from './adapters/expressHandler.js';
import { createOpenPage } from './adapters/openPage.js';
import type { User } from './contract/index.js';
import { createServices } from './createServices.js';
import { toErrorShape } from './errors/errorShape.js';
import { createAuthCookie } from './http/cookies.js';
import type { AuthOptions } from './options/options.js';
import { createAdminRouter } from './procedures/adminRouter.js';
import { createAuthRouter } from './procedures/authRouter.js';
import { COOKIE_PROCEDURES } from './procedures/cookieProcedure.js';
import { createGuards } from './procedures/guards.js';
import { createReportRefusal } from './procedures/refusals.js';
import { createStreamSignal } from './procedures/streamEnd.js';
import { toUser } from './user/userModel.js';

function assemble(options: AuthOptions) {
  const { resolved, ...services } = createServices(options);
  const { accessTokens, users } = services;
  const transport = {
    refreshCookie: createAuthCookie('refresh', resolved.cookie),
    accessCookie:
      resolved.accessToken.transport === 'cookie' ? createAuthCookie('access', resolved.cookie) : undefined,
    allowedOrigins: resolved.allowedOrigins,
  };
  const reportRefusal = createReportRefusal(services.events);
  const guards = createGuards({ ...services, transport, reportRefusal });
  const { cookieProcedure: _own, ...hostGuards } = guards;
  const router = createAuthRouter({
    ...services,
    guards,
    transport,
    passwordMinLength: resolved.password.minLength,
    sendsMail: options.mail !== undefined,
    stepUpMaxAgeMs: resolved.stepUpMaxAgeMs,
  });
  const adminRouter = createAdminRouter({ ...services, guards });

  return {
    ...hostGuards,
    /** The `auth` procedures, to be nested in the app's router. */
    router,
    /** The `admin` procedures, to be nested beside it. */
    adminRouter,
    createContext,
    createSocketContext,
    /** Finds out who asks for a page that a server renders, and makes the context of the calls that render it. */
    openPage: createOpenPage({ accessTokens, transport, call: router.createCaller }),
    /** Shapes every error as the contract says and masks unknown ones; for the host's `initTRPC…create`. */
    errorFormatter: ({ error, path }: { error: Error; path: string | undefined }) =>
      toErrorShape(error, path),
    /** What a server may do to a person's sessions. */
    sessions: {
      /**
       * Ends all sessions of a person on every node, except the one with the id `except`. Sign-ins under way at that
       * moment leave no session either.
       *
       * @returns how many live sessions it ended
       */
      endAll: (userId: string, options: { except?: string } = {}): Promise<number> =>
        services.endAllSessions(userId, options),
    },
    /** What a server may do to accounts. */
    users: {
      /**
       * Refuses a person's sign-ins with ACCOUNT_DISABLED and ends all of their sessions. Idempotent: repeat it
       * after a failure, which may have come half-way.
       *
       * @returns whether there is such a user
       */
      disable: services.disableUser.disable,
      /**
       * Lets a person sign in again.
       *
       * @returns whether there is such a user
       */
      enable: services.enableUser.enable,
      /**
       * Replaces a person's roles, such as `['admin']`, and ends all of their sessions, because access tokens
       * carry the old ones. Idempotent: repeat it after a failure.
       *
       * @returns whether there is such a user
       * @throws Error when a role is not 1 to 32 of letters, digits, `_`, `-` and `:`
       */
      setRoles: services.setRoles,
      /** Finds a person by username, without regard to case. */
      findByUsername: async (username: string): Promise<User | undefined> => {
        const record = await users.findByUsername(username);
        return record && toUser(record);
      },
    },
    /** What a server may do about counted attempts. */
    limits: {
      /** Lets a person sign in again at once, after however many failures. */
      reset: (userId: string): Promise<void> => services.limits.reset(userId),
    },
    /** Goes before tRPC's Express middleware. */
    express: () => createHttpHandler(COOKIE_PROCEDURES),
    /** The app's name and the names of its cookies, for documents about this server. */
    description: {
      appName: resolved.appName,
      refreshCookie: transport.refreshCookie.name,
      accessCookie: transport.accessCookie?.name,
    },
    /** The public keys that other services verify access tokens with (RFC 7517). */
    jwks: () => publicJwks(services.keys),
    /** Aborts when a caller's access token ends or its session is revoked; see {@link createStreamSignal}. */
    streamSignal: createStreamSignal(services),
    /** Builds indexes, loads the revoked sessions and begins to poll; the first request does it otherwise. */
    start: async (): Promise<void> => {
      await services.ready();
    },
    /** Ends what runs in the background; the connection stays the host's. */
    stop: services.stop,
    /** For metrics: how current this node is, how it decided about refresh tokens, and how full its hashing queue is. */
    status: () => ({
      revocationFeed: services.revocations.status(),
      refreshes: services.sessions.refreshCounts(),
      hashing: services.hashing.status(),
    }),
  };
}

/**
 * Everything that {@link createAuth} makes.
 *
 * An interface, because it has a name: a host that exports its `auth` gets declarations which refer to that
 * name, not to files inside this package that nobody else may import (TS2742, TS2883).
 */
export interface Auth extends ReturnType<typeof assemble> {}

/**
 * Puts Latchkey together on one mongoose connection.
 *
 * @example
 * ```ts
 * const auth = createAuth({
 *   mongoose: connection,
 *   appUrl: 'https://app.example.com',
 *   accessToken: { keys: [process.env.ACCESS_TOKEN_SECRET] },
 *   refreshToken: { keys: [process.env.REFRESH_TOKEN_SECRET] },
 *   password: { pepper: process.env.PASSWORD_PEPPER },
 * });
 * const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
 * const appRouter = t.router({ auth: auth.router, posts: t.router({ list: protectedProcedure.query(…) }) });
 * app.use('/trpc', auth.express(), createExpressMiddleware({ router: appRouter, createContext: auth.createContext }));
 * ```
 * @throws Error naming the option that is wrong, never its value
 */
export function createAuth(options: AuthOptions): Auth {
  return assemble(options);
}
