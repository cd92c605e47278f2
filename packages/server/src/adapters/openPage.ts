import type { AccessTokens } from '../accessToken/accessTokens.js';
import type { User } from '../contract/index.js';
import { isDatabaseUnavailable } from '../database/faults.js';
import { AuthError } from '../errors/authError.js';
import type { AuthContext } from '../http/authContext.js';
import type { AuthRequest } from '../http/authRequest.js';
import { type CredentialTransport, readRefreshCookie } from '../http/credentials.js';
import type { createIssueCredentials } from '../procedures/issueCredentials.js';
import type { Refusal } from '../procedures/refusals.js';
import type { Sessions } from '../session/sessions.js';
import { createNodeRequest, type NodeSource } from './nodeRequest.js';

/** Who asked for a page, and the context of the calls that render it. */
export interface Page {
  /** Null if nobody is signed in, undefined if that could not be found out. */
  readonly user: User | null | undefined;
  /** For a caller on the server: lets through the guards whom the request's cookies stand for. */
  readonly context: AuthContext;
}

export interface OpenPageOptions {
  readonly accessTokens: AccessTokens;
  readonly sessions: Sessions;
  readonly transport: CredentialTransport;
  readonly answer: ReturnType<typeof createIssueCredentials>;
  readonly ready: () => Promise<void> | undefined;
  /** Hears of everybody who is refused. */
  readonly onRefusal: (refusal: Refusal) => void;
  /** Asks `auth.me`, so that a page is guarded like every call. */
  readonly me: (context: AuthContext) => Promise<User>;
}

/**
 * Makes what opens a page: a GET that a server answers with HTML. The calls that render it are chosen by the
 * server, not by the request, so a link from another site may lead to a page, while the CSRF rule stays as it is
 * for calls that come from outside. Render with queries only: a link must change nothing.
 *
 * Where the access cookie has ended, or there is none, the refresh cookie gets a new one, which goes out with
 * the page; so open the page before anything of it is sent.
 */
export function createOpenPage(options: OpenPageOptions): (source: NodeSource) => Promise<Page> {
  const { accessTokens, sessions, transport, answer, ready, onRefusal, me } = options;

  const usableCookie = (exchange: AuthRequest): string | undefined => {
    const [token, ...others] = transport.accessCookie?.read(exchange) ?? [];
    if (token === undefined || others.length > 0) return undefined;
    try {
      accessTokens.verify(token);
      return token;
    } catch (error) {
      if (error instanceof AuthError) return undefined;
      throw error;
    }
  };

  const renew = async (exchange: AuthRequest): Promise<string | undefined> => {
    const refreshToken = readRefreshCookie(exchange, transport.refreshCookie);
    if (refreshToken === undefined) return undefined;
    await ready();
    const grant = await sessions.refresh(refreshToken, { episode: undefined, client: exchange.client });
    return answer(grant, { latchkey: exchange, inBody: false }).accessToken;
  };

  return async (source) => {
    const exchange = createNodeRequest(source, onRefusal);
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD')
      throw new Error(`Only pages that are got can be opened, not a ${exchange.method}.`);
    exchange.setHeader('Cache-Control', 'no-store');
    let context = { latchkey: bearing(exchange, undefined) };
    try {
      const token = usableCookie(exchange) ?? (await renew(exchange));
      if (token === undefined) return { user: null, context };
      context = { latchkey: bearing(exchange, token) };
      return { user: await me(context), context };
    } catch (error) {
      onRefusal({ error, exchange });
      return { user: whoIsLeft(error), context };
    }
  };
}

/** The request as one that came with this token in its header, and that says nothing back. */
const bearing = (exchange: AuthRequest, token: string | undefined): AuthRequest => {
  const authorization = token === undefined ? [] : [`Bearer ${token}`];
  const isAuthorization = (name: string) => name === 'authorization';
  return {
    method: exchange.method,
    client: exchange.client,
    hasBody: false,
    streamed: false,
    header: (name) => (isAuthorization(name) ? authorization[0] : exchange.header(name)),
    headerValues: (name) => (isAuthorization(name) ? authorization : exchange.headerValues(name)),
    cookieValues: () => [],
    onRefusal: exchange.onRefusal,
    setHeader: () => {},
    addCookie: () => {},
  };
};

/** Nobody, if the server refused them for good; unknown in an outage, or where the page's own script may do better. */
function whoIsLeft(error: unknown): null | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AuthError) return cause.reason === 'REFRESH_STALE' ? undefined : null;
  if (isDatabaseUnavailable(cause)) return undefined;
  throw error;
}
