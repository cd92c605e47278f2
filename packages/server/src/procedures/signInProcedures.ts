import { z } from 'zod';
import { credentialsSchema, loginSchema, registerSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { readEpisode, readRefreshCookie } from '../http/credentials.js';
import type { Sessions } from '../session/sessions.js';
import type { SignInRequest } from '../signIn/completeSignIn.js';
import type { Register } from '../signIn/register.js';
import type { SignInWithPassword } from '../signIn/signInWithPassword.js';
import type { SignOut } from '../signIn/signOut.js';
import type { Guards } from './guards.js';
import {
  type IssueContext,
  type IssueCredentials,
  type IssueCredentialsParts,
  replacedToken,
  sessionOfAccessToken,
} from './issueCredentials.js';
import type { ProcedureMeta } from './procedureMeta.js';
import { OK, okSchema } from './schemas.js';

export interface SignInProceduresParts extends IssueCredentialsParts {
  readonly guards: Guards;
  readonly register: Register;
  readonly signInWithPassword: SignInWithPassword;
  readonly signOut: SignOut;
  readonly sessions: Pick<Sessions, 'refresh'>;
  readonly issueCredentials: IssueCredentials;
  readonly passwordMinLength: number;
}

/** `auth.register` and `auth.login`, which begin a session. */
export function createSignInProcedures(parts: SignInProceduresParts) {
  const { guards, transport, issueCredentials } = parts;

  function requestOf(ctx: IssueContext, persistent = false): SignInRequest {
    return { persistent, client: ctx.latchkey.client, replaces: replacedToken(ctx, transport) };
  }

  return {
    register: guards.cookieProcedure
      .input(registerSchema({ passwordMinLength: parts.passwordMinLength }))
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember, ...input }, signal }) => {
        const grant = await parts.register(input, { ...requestOf(ctx, remember), signal });
        return issueCredentials(grant, ctx);
      }),

    login: guards.cookieProcedure
      .input(loginSchema)
      .output(credentialsSchema)
      .mutation(async ({ ctx, input: { remember, ...input }, signal }) => {
        const grant = await parts.signInWithPassword(input, { ...requestOf(ctx, remember), signal });
        return issueCredentials(grant, ctx);
      }),
  };
}

const refreshInput = z.strictObject({ refreshToken: z.string().max(250).optional() }).optional();

/** `auth.refresh` and `auth.logout`, which take a refresh token. */
export function createRefreshTokenProcedures(parts: SignInProceduresParts) {
  const { guards, sessions, transport, issueCredentials } = parts;

  function presentedToken(ctx: IssueContext, input: z.infer<typeof refreshInput>): string | undefined {
    if (ctx.inBody) return input?.refreshToken;
    if (input?.refreshToken !== undefined)
      throw new AuthError('VALIDATION', { fields: { refreshToken: ['This field is not known.'] } });
    return readRefreshCookie(ctx.latchkey, transport.refreshCookie);
  }

  return {
    refresh: guards.cookieProcedure
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

    logout: guards.cookieProcedure
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
  };
}
