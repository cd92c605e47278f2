import { performance } from 'node:perf_hooks';
import { createAccessTokens } from './accessToken/accessTokens.js';
import { publicJwks, readSigningKeys } from './accessToken/signingKeys.js';
import { createAccountDeletion } from './account/deleteAccount.js';
import { createEmails } from './account/emails.js';
import { createPasswords } from './account/passwords.js';
import { createActivity } from './activity/activity.js';
import { activityModel } from './activity/activityModel.js';
import { createContext, createSocketContext } from './adapters/context.js';
import { createHttpHandler } from './adapters/expressHandler.js';
import { createOpenPage } from './adapters/openPage.js';
import { createAdministration } from './admin/administration.js';
import { assertRoles, createAdministrators } from './admin/administrators.js';
import type { User } from './contract/index.js';
import { createDatabaseClock } from './database/databaseClock.js';
import { createStartUp } from './database/startUp.js';
import { toErrorShape } from './errors/errorShape.js';
import { type AuthEvents, createAuthEvents } from './events/authEvents.js';
import { createAuthCookie } from './http/cookies.js';
import { countPasswordChecks } from './limits/countPasswordChecks.js';
import { createLimits } from './limits/limits.js';
import type { AuthMailer } from './mail/authMail.js';
import { linkModel } from './mail/linkModel.js';
import { createLinks } from './mail/links.js';
import { createMailTexts } from './mail/mailTexts.js';
import { createOutbox, type Outbox } from './mail/outbox.js';
import { type AuthOptions, resolveOptions } from './options/options.js';
import { createPasswordHashing } from './password/passwordHashing.js';
import { createAdminRouter } from './procedures/adminRouter.js';
import { createAuthRouter } from './procedures/authRouter.js';
import { COOKIE_PROCEDURES } from './procedures/cookieProcedure.js';
import { createGuards } from './procedures/guards.js';
import { createReportRefusal } from './procedures/refusals.js';
import { createStreamSignal } from './procedures/streamEnd.js';
import { createAcknowledgements } from './session/acknowledgements.js';
import { createRefreshCounts } from './session/refreshCounts.js';
import { createRefreshTokens } from './session/refreshToken.js';
import { createRevocations } from './session/revocations.js';
import { sessionModel } from './session/sessionModel.js';
import { createSessionStore } from './session/sessionStore.js';
import { createSessions } from './session/sessions.js';
import { createAccounts } from './signIn/accounts.js';
import { createCompleteSignIn } from './signIn/completeSignIn.js';
import { createSignInAttempts } from './signIn/signInWithPassword.js';
import { createUserChanges } from './user/userChanges.js';
import { createUserDirectory } from './user/userDirectory.js';
import { toUser, userModel } from './user/userModel.js';
import { createUsers } from './user/users.js';

const CLIENT_ID = 'latchkey';

function assemble(options: AuthOptions) {
  const resolved = resolveOptions(options);
  const connection = options.mongoose;
  const databaseClock = createDatabaseClock(connection);
  const clock = options.clock ?? databaseClock.now;
  const onError = (error: unknown) => events.emit('background_error', { error });
  const activityRecords = activityModel(connection);
  const activity = createActivity({ ...resolved.activity, model: activityRecords, onError });
  const events = createAuthEvents({
    listener: options.onEvent,
    record: activity.record,
    clock,
    secret: resolved.password.pepper,
  });

  const keys = readSigningKeys(resolved.accessToken.keys);
  const accessTokens = createAccessTokens({ ...resolved.accessToken, keys, clientId: CLIENT_ID, clock });

  const sessionRecords = sessionModel(connection);
  const store = createSessionStore(sessionRecords, resolved.refresh);
  const acknowledgements = createAcknowledgements(store, { onError });
  const revocations = createRevocations({
    ...resolved.revocation,
    connection,
    model: sessionRecords,
    accessTokenLifetimeMs: resolved.accessToken.lifetimeMs,
    clock,
    monotonic: () => performance.now(),
    onError,
  });
  const refreshTokens = createRefreshTokens(options.refreshToken.keys);
  const policy = resolved.refresh;
  const counts = createRefreshCounts();
  const sessions = createSessions({ store, refreshTokens, revocations, events, counts, clock, policy });

  const limits = createLimits({ connection, limits: resolved.limits, events });
  const userRecords = userModel(connection);
  const hashing = createPasswordHashing(resolved.password);
  const { isBreached } = resolved.password;
  const users = countPasswordChecks({
    users: createUsers({ model: userRecords, hashing, appName: resolved.appName, isBreached, clock }),
    limits,
  });

  const changes = createUserChanges(userRecords);
  const accounts = createAccounts({ users, changes, sessions, sessionStore: store, events });
  const directory = createUserDirectory(userRecords);
  const administrators = createAdministrators(userRecords);
  const administration = createAdministration({ users, directory, administrators, accounts, events });
  const linkRecords = linkModel(connection);
  const services = {
    ...{ users, changes, accounts, sessions, sessionStore: store, hashing, limits, activity, events, clock },
    links: createLinks({ model: linkRecords, clock }),
    outbox: createOutboxOf(options.mail, events),
    texts: createMailTexts({ appName: resolved.appName, appUrl: options.appUrl }),
    ...{ appName: resolved.appName, isBreached },
    accessTokenLifetimeMs: resolved.accessToken.lifetimeMs,
  };

  const startUp = createStartUp({
    models: [sessionRecords, userRecords, linkRecords, activityRecords, limits],
    revocations,
    databaseClock,
    followsDatabase: options.clock === undefined,
    onError,
  });
  const ready = startUp.ready;
  const transport = {
    refreshCookie: createAuthCookie('refresh', resolved.cookie),
    accessCookie:
      resolved.accessToken.transport === 'cookie' ? createAuthCookie('access', resolved.cookie) : undefined,
    allowedOrigins: resolved.allowedOrigins,
  };
  const guardParts = { accessTokens, acknowledgements, revocations, transport, clock, ready };
  const reportRefusal = createReportRefusal(events);
  const guards = createGuards({ ...guardParts, sessions: store, users, reportRefusal });
  const { cookieProcedure: _own, ...hostGuards } = guards;
  const router = createAuthRouter({
    ...services,
    ...{ guards, accessTokens, transport, ready },
    authenticate: createSignInAttempts(services),
    completeSignIn: createCompleteSignIn(services),
    passwords: createPasswords(services),
    emails: createEmails(services),
    deleteAccount: createAccountDeletion(services),
    passwordMinLength: resolved.password.minLength,
    sendsMail: options.mail !== undefined,
    stepUpMaxAgeMs: resolved.stepUpMaxAgeMs,
  });

  const adminRouter = createAdminRouter({ guards, administration });
  const openPage = createOpenPage({ accessTokens, transport, call: router.createCaller });

  return {
    ...hostGuards,
    /** The `auth` procedures, to be nested in the app's router. */
    router,
    /** The `admin` procedures, to be nested beside it. */
    adminRouter,
    createContext,
    createSocketContext,
    /** Tells who asks for a page that a server renders, and makes the context of the calls that render it. */
    openPage,
    /** Shapes every error as the contract says and masks unknown ones; for the host's `initTRPC…create`. */
    errorFormatter: ({ error, path }: { error: Error; path: string | undefined }) =>
      toErrorShape(error, path),
    /** What a server may do to a person's sessions. */
    sessions: {
      /**
       * Ends all sessions of a person on every node, but the one with the id `except`; a sign-in under way
       * at that moment leaves none behind either.
       *
       * @returns how many live sessions it ended
       */
      endAll: (userId: string, options: { except?: string } = {}): Promise<number> =>
        accounts.endAllSessions(userId, options),
    },
    /** What a server may do to accounts. */
    users: {
      /**
       * Refuses a person's sign-ins with ACCOUNT_DISABLED and ends all of their sessions. Idempotent: repeat it
       * after a failure, which may have come half-way.
       *
       * @returns whether there is such a user
       */
      disable: (userId: string): Promise<boolean> => accounts.disable(userId),
      /**
       * Lets a person sign in again.
       *
       * @returns whether there is such a user
       */
      enable: (userId: string): Promise<boolean> => accounts.enable(userId),
      /**
       * Replaces a person's roles, such as `['admin']`, and ends all of their sessions, because access tokens
       * carry the old ones. Idempotent: repeat it after a failure.
       *
       * @returns whether there is such a user
       * @throws Error when a role is not 1 to 32 of letters, digits, `_`, `-` and `:`
       */
      setRoles: async (userId: string, roles: readonly string[]): Promise<boolean> => {
        assertRoles(roles);
        return accounts.setRoles(userId, roles);
      },
      /** Finds a person by username, without regard to case. */
      findByUsername: async (username: string): Promise<User | undefined> => {
        const record = await directory.findByUsername(username);
        return record && toUser(record);
      },
    },
    /** What a server may do about attempts that were counted. */
    limits: {
      /** Lets a person sign in again at once, however often somebody failed to. */
      reset: (userId: string): Promise<void> => limits.reset(userId),
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
    jwks: () => publicJwks(keys),
    /** Aborts when a caller's access token ends or its session is revoked; see {@link createStreamSignal}. */
    streamSignal: createStreamSignal({ revocations, clock }),
    /** Builds indexes, loads the revoked sessions and begins to poll; the first request does it otherwise. */
    start: async (): Promise<void> => {
      await ready();
    },
    /** Ends what runs in the background; the connection stays the host's. */
    stop: async () => {
      await services.outbox.stop();
      await startUp.stop();
      await acknowledgements.settled();
      await activity.stop();
    },
    /** How current this node is, and what it has decided about refresh tokens since it was made; for metrics. */
    status: () => ({
      revocationFeed: revocations.status(),
      refreshes: { ...counts },
      hashing: hashing.status(),
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

/** The way out for mails, or nothing where the host sends none. */
function createOutboxOf(mailer: AuthMailer | undefined, events: AuthEvents): Outbox {
  if (mailer === undefined) return { post() {}, stop: async () => {} };
  const onError = (error: unknown, kind: string) =>
    events.emit('background_error', { error, detail: `mail: ${kind}` });
  return createOutbox({ mailer, onError });
}
