import type { AccessTokenClaims, AccessTokens } from '../accessToken/accessTokens.js';
import type { Clock } from '../clock.js';
import { AuthError } from '../errors/authError.js';
import type { CallerSession } from '../http/authContext.js';
import { type CredentialTransport, readAccessToken } from '../http/credentials.js';
import type { Acknowledgements } from '../session/acknowledgements.js';
import type { Revocations } from '../session/revocations.js';
import type { SessionStore } from '../session/sessionStore.js';
import { toUser } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import { createCookieProcedure } from './cookieProcedure.js';
import { createGuardMiddleware } from './guardMiddleware.js';
import type { ProcedureMeta } from './procedureMeta.js';
import type { ReportRefusal } from './refusals.js';
import { hostProcedure } from './trpc.js';

export interface GuardsOptions {
  readonly accessTokens: AccessTokens;
  readonly acknowledgements: Acknowledgements;
  readonly revocations: Pick<Revocations, 'has'>;
  readonly sessionStore: Pick<SessionStore, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly transport: CredentialTransport;
  readonly clock: Clock;
  /** Resolves when the revoked sessions are known; returns undefined once they are. */
  readonly ready: () => Promise<void> | undefined;
  readonly reportRefusal: ReportRefusal;
}

/** The guards: procedures that run a resolver only for the callers it is meant for. */
export function createGuards(options: GuardsOptions) {
  const { accessTokens, acknowledgements, revocations, sessionStore, users, transport, clock, ready } =
    options;
  const guarding = createGuardMiddleware(options.reportRefusal);

  const identify = (claims: AccessTokenClaims) => {
    if (revocations.has(claims.sid)) {
      throw new AuthError('SESSION_REVOKED', { about: { userId: claims.sub, sessionId: claims.sid } });
    }
    acknowledgements.seen(claims);
    const session: CallerSession = {
      id: claims.sid,
      userId: claims.sub,
      generation: claims.gen,
      roles: claims.roles,
      authenticatedAt: new Date(claims.auth_time * 1000),
      tokenExpiresAt: new Date(claims.exp * 1000),
    };
    return { session };
  };

  const protectedProcedure = hostProcedure
    .use(
      guarding((request) => {
        const claims = accessTokens.verify(readAccessToken(request, transport));
        const starting = ready();
        return starting === undefined ? identify(claims) : starting.then(() => identify(claims));
      }),
    )
    .meta({ latchkeyAccessToken: true } satisfies ProcedureMeta);

  const strictProcedure = protectedProcedure.use(async ({ ctx, next }) => {
    const [session, user] = await Promise.all([
      sessionStore.find(ctx.session.id),
      users.find(ctx.session.userId),
    ]);
    if (session === undefined || session.revokedAt !== null) throw new AuthError('SESSION_REVOKED');
    if (session.expiresAt.getTime() <= clock()) throw new AuthError('SESSION_EXPIRED');
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED');
    return next({ ctx: { user: toUser(user) } });
  });

  const assertRecent = ({ authenticatedAt }: CallerSession, maxAgeMs: number) => {
    if (clock() - authenticatedAt.getTime() <= maxAgeMs) return;
    throw new AuthError('STEP_UP_REQUIRED', { challenge: { max_age: String(Math.floor(maxAgeMs / 1000)) } });
  };

  return {
    /** Open to everybody. Refusals of Latchkey's services still become typed errors. */
    publicProcedure: hostProcedure.use(guarding(() => ({}))),
    /**
     * Needs an access token of a session that is not known to be revoked. Adds `ctx.session`. Makes no query.
     *
     * @throws AuthError TOKEN_MISSING | TOKEN_EXPIRED | TOKEN_INVALID | SESSION_REVOKED | VALIDATION | CSRF_REJECTED
     */
    protectedProcedure,
    /**
     * Also reads the session and the user from the database, for changes to password, e-mail, sessions and account.
     * Adds `ctx.user`.
     *
     * @throws AuthError SESSION_REVOKED | SESSION_EXPIRED | ACCOUNT_DISABLED
     */
    strictProcedure,
    /**
     * Strict, and the person proved who they are at most `maxAgeMs` ago.
     *
     * @throws AuthError STEP_UP_REQUIRED
     */
    recentProcedure: ({ maxAgeMs }: { maxAgeMs: number }) =>
      strictProcedure.use(({ ctx, next }) => {
        assertRecent(ctx.session, maxAgeMs);
        return next();
      }),
    /**
     * Protected, and the access token carries one of these roles.
     *
     * @throws AuthError ROLE_REQUIRED
     */
    roleProcedure: (...roles: readonly [string, ...string[]]) =>
      protectedProcedure.use(({ ctx, next }) => {
        if (!roles.some((role) => ctx.session.roles.includes(role))) throw new AuthError('ROLE_REQUIRED');
        return next();
      }),
    /**
     * Strict, and the user has one of these roles in the database. For acting on others.
     *
     * @throws AuthError ROLE_REQUIRED
     */
    strictRoleProcedure: (...roles: readonly [string, ...string[]]) =>
      strictProcedure.use(({ ctx, next }) => {
        if (!roles.some((role) => ctx.user.roles.includes(role))) throw new AuthError('ROLE_REQUIRED');
        return next();
      }),
    cookieProcedure: createCookieProcedure({ guarding, transport, ready }),
  };
}

export type Guards = ReturnType<typeof createGuards>;
