import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { Clock } from '../clock.js';
import type { Credentials } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from '../http/authRequest.js';
import { type CredentialTransport, readAccessToken } from '../http/credentials.js';
import type { SessionGrant } from '../session/refresh.js';

/** The request being answered, and whether its client takes refresh tokens in JSON. */
export interface IssueContext {
  readonly latchkey: AuthRequest;
  readonly inBody: boolean;
}

export interface IssueCredentialsParts {
  readonly accessTokens: AccessTokens;
  readonly transport: CredentialTransport;
  readonly clock: Clock;
}

/** Creates the function that turns a grant into credentials and sets the cookies that go with them. */
export function createIssueCredentials({ accessTokens, transport, clock }: IssueCredentialsParts) {
  return ({ session, refreshToken }: SessionGrant, { latchkey, inBody }: IssueContext): Credentials => {
    const endsAt = session.expiresAt.getTime();
    const { accessToken, expiresIn } = accessTokens.sign(
      {
        sub: session.userId,
        sid: session._id,
        gen: session.generation,
        roles: session.user.roles,
        auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
      },
      endsAt,
    );
    if (!inBody) {
      const maxAge = session.persistent ? (endsAt - clock()) / 1000 : undefined;
      transport.refreshCookie.write(latchkey, refreshToken, maxAge);
      transport.accessCookie?.write(latchkey, accessToken, expiresIn);
    }
    return {
      user: session.user,
      session: {
        id: session._id,
        generation: session.generation,
        expiresAt: session.expiresAt.toISOString(),
      },
      accessToken,
      expiresIn,
      ...(inBody ? { refreshToken } : {}),
    };
  };
}

export type IssueCredentials = ReturnType<typeof createIssueCredentials>;

/** The refresh token whose session a sign-in replaces. */
export function replacedToken(
  { latchkey, inBody }: IssueContext,
  { refreshCookie }: CredentialTransport,
): string | undefined {
  return inBody ? undefined : refreshCookie.read(latchkey)[0];
}

/** The session that the request's access token belongs to, also if it has expired; for signing out. */
export function sessionOfAccessToken(
  exchange: AuthRequest,
  { accessTokens, transport }: { accessTokens: AccessTokens; transport: CredentialTransport },
): string | undefined {
  try {
    return accessTokens.verifyEvenExpired(readAccessToken(exchange, transport)).sid;
  } catch (error) {
    // No token, or none of ours: there is nothing to end, and signing out stays idempotent. With two that disagree,
    // because another tab has renewed one, the refresh cookie tells what to end.
    const nothingToEnd: readonly unknown[] = ['TOKEN_MISSING', 'TOKEN_INVALID'];
    const isNothing =
      error instanceof AuthError && (nothingToEnd.includes(error.reason) || error.fields?.authorization);
    if (isNothing) return undefined;
    throw error;
  }
}
