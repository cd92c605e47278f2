import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from '../http/authRequest.js';
import { type CredentialTransport, wantsBodyTransport } from '../http/credentials.js';
import { assertNotForged } from '../http/csrf.js';
import type { GuardMiddleware } from './guardMiddleware.js';
import type { ProcedureMeta } from './procedureMeta.js';
import { ownProcedure } from './trpc.js';

/** The procedures that read or set a cookie, by name. */
export const COOKIE_PROCEDURES = ['register', 'login', 'refresh', 'logout', 'password.change'] as const;

/** For procedures that read or set a cookie: the CSRF rule first, so that nothing runs before it. */
export function createCookieProcedure(options: {
  guarding: GuardMiddleware;
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
    .meta({ latchkeyCookies: true } satisfies ProcedureMeta);
}
