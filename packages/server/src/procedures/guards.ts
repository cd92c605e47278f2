import { initTRPC, TRPCError } from '@trpc/server';
import type { AccessTokenClaims, AccessTokens } from '../accessToken/accessTokens.js';
import type { Clock } from '../clock.js';
import { isDatabaseUnavailable } from '../database/faults.js';
import { AuthError } from '../errors/authError.js';
import { challengeFor } from '../errors/challenge.js';
import { RETRY_AFTER_OUTAGE_SECONDS, toErrorShape, toTrpcError } from '../errors/errorShape.js';
import type { AuthContext, CallerSession } from '../http/authContext.js';
import type { AuthRequest } from '../http/authRequest.js';
import { type CredentialTransport, readAccessToken } from '../http/credentials.js';
import { CallerGoneError } from '../password/hashingQueue.js';
import type { Acknowledgements } from '../session/acknowledgements.js';
import type { Revocations } from '../session/revocations.js';
import type { SessionStore } from '../session/sessionStore.js';
import { toUser } from '../user/userModel.js';
import type { Users } from '../user/users.js';
import { formattingOnlyErrors } from './formattingOnlyErrors.js';
import { describing } from './procedureMeta.js';

export interface GuardsOptions {
  readonly accessTokens: AccessTokens;
  readonly acknowledgements: Acknowledgements;
  readonly revocations: Pick<Revocations, 'has'>;
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly users: Pick<Users, 'find'>;
  readonly transport: CredentialTransport;
  readonly clock: Clock;
  /** Resolves when the revoked sessions are known; nothing to wait for after the first time. */
  readonly ready: () => Promise<void> | undefined;
}

const t = initTRPC.context<AuthContext>().create({
  isDev: false,
  errorFormatter: ({ error, path }) => toErrorShape(error, path),
});

/** tRPC's own parts over {@link AuthContext}, for Latchkey's routers. */
export const { router } = t;

/**
 * A procedure whose refusals become typed errors with `error.data.reason`, in any host's router.
 *
 * In a host's procedures only Latchkey's own errors are shaped; what the host's resolvers throw goes to
 * the host's error formatter.
 */
const shaped = t.procedure.errors(({ error, path }) =>
  isOurs(error) ? toErrorShape(error, path) : undefined,
);

/** A procedure of Latchkey's own: every error is shaped, and what is unknown is masked. */
export const shapingAll = t.procedure.errors(({ error, path }) => toErrorShape(error, path));

/**
 * The middleware of a guard: what `check` answers is added to the context, what it or anything after it
 * refuses is announced in the answer's headers.
 *
 * One middleware does both, because every further one would cost more than the check itself; with `optionalInput` it
 * also takes a POST with nothing in it for a call without input, which tRPC takes for broken JSON.
 */
export const guarding = <T extends { session?: CallerSession; [name: string]: unknown }>(
  check: (exchange: AuthRequest) => T | Promise<T>,
  { optionalInput = false } = {},
) =>
  t.middleware(async ({ ctx, next }) => {
    const exchange = ctx.latchkey;
    assertContext(exchange);
    const hasInput = !optionalInput || exchange.hasBody;
    let granted: T | undefined;
    try {
      const added = check(exchange);
      granted = added instanceof Promise ? await added : added;
      const result = await next(hasInput ? { ctx: granted } : withoutInput(granted));
      if (!result.ok) throw result.error;
      return result;
    } catch (error) {
      exchange.onRefusal({ error, exchange, session: granted?.session });
      throw announced(error, exchange);
    }
  });

/** tRPC takes both of a middleware, though its types offer only one at a time. */
const withoutInput = <T>(ctx: T): { ctx: T } => {
  const options = { ctx, getRawInput: async () => undefined };
  return options;
};

/** What to throw for an error, after its headers have been set. */
function announced(error: unknown, exchange: AuthRequest): unknown {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof AuthError) {
    announce(cause, exchange);
    return toTrpcError(cause);
  }
  if (isDatabaseUnavailable(cause)) {
    exchange.setHeader('Retry-After', String(RETRY_AFTER_OUTAGE_SECONDS));
    return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'Try again in a moment.', cause });
  }
  if (cause instanceof CallerGoneError) return new TRPCError({ code: 'CLIENT_CLOSED_REQUEST', cause });
  return error;
}

const isOurs = ({ cause, code }: TRPCError) =>
  cause instanceof AuthError || (code === 'SERVICE_UNAVAILABLE' && isDatabaseUnavailable(cause));

function announce(error: AuthError, exchange: AuthRequest): void {
  const challenge = challengeFor(error);
  if (challenge !== undefined) exchange.setHeader('WWW-Authenticate', challenge);
  if (error.retryAfter !== undefined) exchange.setHeader('Retry-After', String(error.retryAfter));
}

function assertContext(exchange: AuthRequest | undefined): asserts exchange is AuthRequest {
  if (exchange === undefined) {
    throw new Error('The tRPC context lacks Latchkey: spread auth.createContext(options) into it.');
  }
}

/** The guards: procedures that run a resolver only for whom it is meant. */
export function createGuards(options: GuardsOptions) {
  const { accessTokens, acknowledgements, revocations, sessions, users, transport, clock, ready } = options;

  const admit = (claims: AccessTokenClaims) => {
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

  const protectedProcedure = formattingOnlyErrors(
    shaped.use(
      guarding((exchange) => {
        const claims = accessTokens.verify(readAccessToken(exchange, transport));
        const starting = ready();
        return starting === undefined ? admit(claims) : starting.then(() => admit(claims));
      }),
    ),
  ).meta(describing({ latchkeyAccessToken: true }));

  const strictProcedure = protectedProcedure.use(async ({ ctx, next }) => {
    const [session, user] = await Promise.all([
      sessions.find(ctx.session.id),
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
    /** For everybody; refusals of Latchkey's services still become typed errors. */
    publicProcedure: formattingOnlyErrors(shaped.use(guarding(() => ({})))),
    /** Needs an access token of a session that is not known to be revoked; costs no query. Adds `ctx.session`. */
    protectedProcedure,
    /** Also reads session and user from the database, for changes to password, e-mail, sessions, account. Adds `ctx.user`. */
    strictProcedure,
    /** Strict, and the person proved who they are at most `maxAgeMs` ago; else STEP_UP_REQUIRED. */
    recentProcedure: ({ maxAgeMs }: { maxAgeMs: number }) =>
      strictProcedure.use(({ ctx, next }) => {
        assertRecent(ctx.session, maxAgeMs);
        return next();
      }),
    /** Protected, and the user has one of these roles; else ROLE_REQUIRED. */
    roleProcedure: (...roles: readonly [string, ...string[]]) =>
      protectedProcedure.use(({ ctx, next }) => {
        if (!roles.some((role) => ctx.session.roles.includes(role))) throw new AuthError('ROLE_REQUIRED');
        return next();
      }),
    /** Strict, and the user has one of these roles in the database, now; else ROLE_REQUIRED. For acting on others. */
    strictRoleProcedure: (...roles: readonly [string, ...string[]]) =>
      strictProcedure.use(({ ctx, next }) => {
        if (!roles.some((role) => ctx.user.roles.includes(role))) throw new AuthError('ROLE_REQUIRED');
        return next();
      }),
  };
}

/** The guards of one {@link createGuards}. */
export type Guards = ReturnType<typeof createGuards>;
