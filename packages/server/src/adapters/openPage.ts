import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { User } from '../contract/index.js';
import { isDatabaseUnavailable } from '../database/faults.js';
import { AuthError } from '../errors/authError.js';
import type { AuthContext } from '../http/authContext.js';
import type { AuthRequest } from '../http/authRequest.js';
import type { CredentialTransport } from '../http/credentials.js';
import { createNodeRequest, type NodeSource } from './nodeRequest.js';
import { withAuthorization } from './withAuthorization.js';

/** The user who asked for a page, and the context of the calls that render it. */
export interface Page {
  /** Null if nobody is signed in; undefined if that could not be found out. */
  readonly user: User | null | undefined;
  /** For a caller on the server. The guards accept it as the user that the request's cookies belong to. */
  readonly context: AuthContext;
}

export interface OpenPageOptions {
  readonly accessTokens: Pick<AccessTokens, 'verify'>;
  readonly transport: CredentialTransport;
  /** Calls the `auth` procedures, so that a page passes the same guards as every other request. */
  readonly call: (context: AuthContext) => {
    me(): Promise<User>;
    refresh(): Promise<{ accessToken: string }>;
  };
}

/**
 * Makes the function that opens a page: a GET that a server answers with HTML. The server chooses the calls that
 * render the page, so a link from another site may lead to it; calls from outside stay under the CSRF rule. Render
 * with queries only: a link must change nothing.
 *
 * When the access cookie is missing or has expired, the refresh cookie gets a new one, which is set in the response.
 * So open the page before any of it is sent.
 */
export function createOpenPage({ accessTokens, transport, call }: OpenPageOptions) {
  const usableCookie = (request: AuthRequest): string | undefined => {
    const [token, ...others] = transport.accessCookie?.read(request) ?? [];
    if (token === undefined || others.length > 0) return undefined;
    try {
      accessTokens.verify(token);
      return token;
    } catch (error) {
      if (error instanceof AuthError) return undefined;
      throw error;
    }
  };

  const renew = async (request: AuthRequest): Promise<string | undefined> => {
    if (transport.refreshCookie.read(request).length === 0) return undefined;
    return (await call({ latchkey: asRefresh(request) }).refresh()).accessToken;
  };

  return async (source: NodeSource): Promise<Page> => {
    const request = createNodeRequest(source);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new Error(`openPage needs a GET or HEAD request, not ${request.method}.`);
    request.setHeader('Cache-Control', 'no-store');
    let context = { latchkey: withAuthorization(request, undefined) };
    try {
      const token = usableCookie(request) ?? (await renew(request));
      if (token === undefined) return { user: null, context };
      context = { latchkey: withAuthorization(request, `Bearer ${token}`) };
      return { user: await call(context).me(), context };
    } catch (error) {
      return { user: userAfter(error), context };
    }
  };
}

const REFRESH_HEADERS = new Map([
  ['content-type', 'application/json'],
  ['x-latchkey', '1'],
]);

/** The request as a refresh by the server itself. It reads and sets the page's cookies. */
function asRefresh(request: AuthRequest): AuthRequest {
  return {
    ...withAuthorization(request, undefined),
    method: 'POST',
    header: (name) => REFRESH_HEADERS.get(name),
    cookieValues: (name) => request.cookieValues(name),
    addCookie: (serialised) => request.addCookie(serialised),
  };
}

/** Null where the server refused for good; undefined in an outage, or where the page's own script may still succeed. */
function userAfter(error: unknown): null | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AuthError) return cause.reason === 'REFRESH_STALE' ? undefined : null;
  if (isDatabaseUnavailable(cause)) return undefined;
  throw error;
}
