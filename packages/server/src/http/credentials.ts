import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from './authRequest.js';
import type { AuthCookie } from './cookies.js';
import { assertAllowedOrigin, assertNotForged, isFromBrowser } from './csrf.js';

/** Where credentials travel on this server. */
export interface CredentialTransport {
  readonly refreshCookie: AuthCookie;
  /** Set where access tokens also travel in a cookie (ACCESS_TOKEN_TRANSPORT=cookie). */
  readonly accessCookie: AuthCookie | undefined;
  readonly allowedOrigins: readonly string[];
}

const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The access token of a request, from the Authorization header or, where it is on, the access cookie.
 *
 * @throws AuthError TOKEN_MISSING | VALIDATION (malformed, or two that disagree; RFC 6750, 3.1
 *   `invalid_request`) | CSRF_REJECTED
 */
export function readAccessToken(exchange: AuthRequest, transport: CredentialTransport): string {
  const fromHeader = readBearer(exchange);
  const fromCookie = transport.accessCookie && readSingle(transport.accessCookie.read(exchange));
  if (fromHeader !== undefined) {
    if (fromCookie !== undefined && fromCookie !== fromHeader) throw disagreement();
    return fromHeader;
  }
  if (fromCookie === undefined) throw new AuthError('TOKEN_MISSING');
  // An EventSource can set no header, and a subscription changes nothing.
  if (exchange.header('accept') === 'text/event-stream')
    assertAllowedOrigin(exchange, transport.allowedOrigins);
  else assertNotForged(exchange, transport.allowedOrigins);
  return fromCookie;
}

function readBearer(exchange: AuthRequest): string | undefined {
  const value = readSingle(exchange.headerValues('authorization'));
  if (value === undefined) return undefined;
  const space = value.indexOf(' ');
  const scheme = space === -1 ? value : value.slice(0, space);
  if (scheme !== 'Bearer' && scheme.toLowerCase() !== 'bearer') return undefined;
  const token = value.slice(scheme.length).trim();
  if (!B64TOKEN.test(token)) throw malformed();
  return token;
}

function readSingle(values: readonly string[]): string | undefined {
  if (values.length > 1) throw malformed();
  return values[0];
}

const invalidRequest = { error: 'invalid_request' };

const malformed = () => new AuthError('VALIDATION', { challenge: invalidRequest });

/** Names the header, by which a client knows that another tab has renewed the cookie, and catches up. */
const disagreement = () =>
  new AuthError('VALIDATION', {
    challenge: invalidRequest,
    fields: { authorization: ['Not the token in the cookie.'] },
  });

/** Whether the client wants its refresh token in JSON rather than in a cookie. */
export function wantsBodyTransport(exchange: AuthRequest): boolean {
  const transport = exchange.header('x-latchkey-transport');
  if (transport === undefined || transport === 'cookie') return false;
  if (transport !== 'body') {
    throw new AuthError('VALIDATION', {
      fields: { 'x-latchkey-transport': ['Must be "body" or "cookie".'] },
    });
  }
  // A page's scripts must never get hold of a refresh token.
  if (isFromBrowser(exchange)) throw new AuthError('CSRF_REJECTED');
  return true;
}

/**
 * The refresh token in the cookie, if there is one.
 *
 * Two of them cannot be told apart, so both are refused and cleared.
 *
 * @throws AuthError REFRESH_INVALID
 */
export function readRefreshCookie(exchange: AuthRequest, cookie: AuthCookie): string | undefined {
  const values = cookie.read(exchange);
  if (values.length > 1) {
    cookie.clear(exchange);
    throw new AuthError('REFRESH_INVALID');
  }
  return values[0] === '' ? undefined : values[0];
}

const EPISODE = /^[\w-]{1,64}$/;

/**
 * The episode id of a refresh, if the client sends one.
 *
 * @throws AuthError VALIDATION
 */
export function readEpisode(exchange: AuthRequest): string | undefined {
  const episode = exchange.header('x-latchkey-episode');
  if (episode === undefined || EPISODE.test(episode)) return episode;
  throw new AuthError('VALIDATION', {
    fields: { 'x-latchkey-episode': ['1 to 64 of letters, digits, - and _.'] },
  });
}
