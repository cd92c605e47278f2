import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { Clock } from '../clock.js';
import type { Credentials } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from '../http/authRequest.js';
import { type CredentialTransport, wantsBodyTransport } from '../http/credentials.js';
import { assertNotForged } from '../http/csrf.js';
import type { Sessions } from '../session/sessions.js';
import type { CompleteSignIn } from '../signIn/completeSignIn.js';
import type { UserRecord } from '../user/userModel.js';
import type { Guarding } from './guarding.js';
import { createIssueCredentials, type IssueContext } from './issueCredentials.js';
import { describing } from './procedureMeta.js';
import { ownProcedure } from './trpc.js';

/** The procedures that read or set a cookie, by name. */
export const COOKIE_PROCEDURES = ['register', 'login', 'refresh', 'logout', 'password.change'] as const;

/** For procedures that read or set a cookie: the CSRF rule first, so that nothing runs before it. */
export function createCookieProcedure(options: {
  guarding: Guarding;
  transport: CredentialTransport;
  ready: () => Promise<void> | undefined;
}) {
  const { guarding, transport, ready } = options;
  const check = (request: AuthRequest) => {
    assertNotForged(request, transport.allowedOrigins);
    if (request.streamed) throw new AuthError('STREAM_NOT_ALLOWED');
    const inBody = wantsBodyTransport(request);
    return ready()?.then(() => ({ inBody })) ?? { inBody };
  };
  return ownProcedure
    .use(guarding(check, { optionalInput: true }))
    .meta(describing({ latchkeyCookies: true }));
}

/** A procedure that reads or sets a cookie. */
export type CookieProcedure = ReturnType<typeof createCookieProcedure>;

/** Begins a session for a person whose password was just found right, and answers its credentials. */
export type SignIn = (
  user: UserRecord,
  options: { persistent: boolean },
  ctx: IssueContext,
) => Promise<Credentials>;

/** Creates {@link SignIn}; the session that the request's cookie belongs to is replaced. */
export function createSignIn(options: {
  accessTokens: AccessTokens;
  sessions: Sessions;
  completeSignIn: CompleteSignIn;
  transport: CredentialTransport;
  clock: Clock;
}): SignIn {
  const { completeSignIn, transport } = options;
  const answer = createIssueCredentials(options);
  return async (user, { persistent }, ctx) => {
    const { latchkey, inBody } = ctx;
    const [replaced] = inBody ? [] : transport.refreshCookie.read(latchkey);
    const proof = { verifiedAt: new Date(options.clock()) };
    const grant = await completeSignIn(user, proof, {
      persistent,
      client: latchkey.client,
      replaces: replaced,
    });
    return answer(grant, ctx);
  };
}
