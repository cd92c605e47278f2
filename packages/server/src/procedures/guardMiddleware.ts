import { TRPCError } from '@trpc/server';
import { isDatabaseUnavailable } from '../database/faults.js';
import { AuthError } from '../errors/authError.js';
import { challengeFor } from '../errors/challenge.js';
import { RETRY_AFTER_OUTAGE_SECONDS, toTrpcError } from '../errors/errorShape.js';
import type { CallerSession } from '../http/authContext.js';
import type { AuthRequest } from '../http/authRequest.js';
import { CallerGoneError } from '../password/hashingQueue.js';
import type { ReportRefusal } from './refusals.js';
import { middleware } from './trpc.js';

/** Creates what the guards are made with; `reportRefusal` is called with every refused call. */
export function createGuardMiddleware(reportRefusal: ReportRefusal) {
  /**
   * The middleware of a guard. It adds what `check` returns to the context. When `check` or anything after it
   * refuses, it reports the refusal and sets the response's headers.
   *
   * One middleware does all this, because each further one would cost more than the check itself. With
   * `optionalInput` it also treats a POST without a body as a call without input; tRPC treats it as broken JSON.
   */
  return <T extends { session?: CallerSession; [name: string]: unknown }>(
    check: (request: AuthRequest) => T | Promise<T>,
    { optionalInput = false } = {},
  ) =>
    middleware(async ({ ctx, next }) => {
      const request = ctx.latchkey;
      assertContext(request);
      const hasInput = !optionalInput || request.hasBody;
      let granted: T | undefined;
      try {
        const added = check(request);
        granted = added instanceof Promise ? await added : added;
        const result = await next(hasInput ? { ctx: granted } : withoutInput(granted));
        if (!result.ok) throw result.error;
        return result;
      } catch (error) {
        reportRefusal({ error, request, session: granted?.session });
        throw withHeaders(error, request);
      }
    });
}

export type GuardMiddleware = ReturnType<typeof createGuardMiddleware>;

/** tRPC takes a context and an input from one middleware, though its types offer only one of them. */
function withoutInput<T>(ctx: T): { ctx: T } {
  const options = { ctx, getRawInput: async () => undefined };
  return options;
}

/** The error to throw in place of `error`, after its headers have been set. */
function withHeaders(error: unknown, request: AuthRequest): unknown {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof AuthError) {
    setHeaders(cause, request);
    return toTrpcError(cause);
  }
  if (isDatabaseUnavailable(cause)) {
    request.setHeader('Retry-After', String(RETRY_AFTER_OUTAGE_SECONDS));
    return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'Try again in a moment.', cause });
  }
  if (cause instanceof CallerGoneError) return new TRPCError({ code: 'CLIENT_CLOSED_REQUEST', cause });
  return error;
}

function setHeaders(error: AuthError, request: AuthRequest): void {
  const challenge = challengeFor(error);
  if (challenge !== undefined) request.setHeader('WWW-Authenticate', challenge);
  if (error.retryAfter !== undefined) request.setHeader('Retry-After', String(error.retryAfter));
}

function assertContext(request: AuthRequest | undefined): asserts request is AuthRequest {
  if (request === undefined) {
    throw new Error('The tRPC context lacks Latchkey: spread auth.createContext(options) into it.');
  }
}
