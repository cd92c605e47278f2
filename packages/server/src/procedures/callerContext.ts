import { AuthError } from '../errors.js';
import { createExchange, type Exchange, type ExchangeSource } from '../http/exchange.js';
import type { AuthContext } from './context.js';

/** What begins with a page's request and ends with its answer. */
export type CallerSource = Pick<ExchangeSource, 'req' | 'res'>;

/** Gets an access token for the refresh cookie of a request, and sets the next cookie in its answer. */
export type RefreshCall = (context: AuthContext) => Promise<{ readonly accessToken: string }>;

/**
 * Creates the maker of contexts for `createCaller`, with which a server calls its own procedures while it answers
 * somebody's request, such as that for a page. The calls are made as the person whose cookies the request brought:
 * one refresh for all of them, and none without a cookie. The new cookie goes out with the answer, so that no
 * header may have been sent yet.
 *
 * @throws TRPCError if the database does not answer; who is merely signed out gets a context without a token
 */
export const createCallerContexts =
  (refresh: RefreshCall) =>
  async (source: CallerSource): Promise<AuthContext> => {
    const anonymous = { latchkey: createCallerExchange(source) };
    try {
      const { accessToken } = await refresh(anonymous);
      return { latchkey: createCallerExchange(source, `Bearer ${accessToken}`) };
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      return anonymous;
    }
  };

/** The reasons with which a refresh tells that nobody is signed in. */
const isSignedOut = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof AuthError && /^(SESSION_|REFRESH_|ACCOUNT_)/.test(cause.reason);
};

/** The server makes the calls itself, in its own format; where the request comes from is what the browser says. */
function createCallerExchange(source: CallerSource, authorization?: string): Exchange {
  const page = createExchange(source);
  const own: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-latchkey': '1',
    'x-latchkey-transport': undefined,
    authorization,
  };
  // Following a link from another site is no forgery: what the page shows, that site cannot read.
  if (page.method === 'GET') Object.assign(own, { origin: undefined, 'sec-fetch-site': undefined });
  return {
    method: 'POST',
    client: page.client,
    hasBody: false,
    streamed: false,
    header: (name) => (name in own ? own[name] : page.header(name)),
    headerValues: (name) =>
      name === 'authorization' ? [authorization ?? []].flat() : page.headerValues(name),
    // The access cookie is older than the token that has just been made.
    cookieValues: (name) => (authorization && /latchkey-access$/.test(name) ? [] : page.cookieValues(name)),
    setHeader: () => {},
    addCookie: (serialised) => page.addCookie(serialised),
  };
}
