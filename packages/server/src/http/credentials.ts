import { AuthError, type FieldMessages } from '../errors/authError.js';
import type { AuthRequest } from './authRequest.js';
import type { AuthCookie } from './cookies.js';
import { assertAllowedOrigin, assertNotForged, isFromBrowser } from './csrf.js';

/** How credentials travel on this server. */
export interface CredentialTransport {
  readonly refreshCookie: AuthCookie;
  /** Present where access tokens also travel in a cookie (ACCESS_TOKEN_TRANSPORT=cookie). */
  readonly accessCookie: AuthCookie | undefined;
  readonly allowedOrigins: readonly string[];
}

const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const EPISODE = /^[\w-]{1,64}$/;

/**
 * Reads the access token from the Authorization header or, where it is enabled, from the access cookie.
 *
 * @throws AuthError TOKEN_MISSING | VALIDATION (malformed, or two that differ; RFC 6750, 3.1 `invalid_request`) |
 *   CSRF_REJECTED
 */
export function readAccessToken(request: AuthRequest, transport: CredentialTransport): string {
  const fromHeader = readBearer(request);
  const fromCookie = transport.accessCookie && readSingle(transport.accessCookie.read(request));
  if (fromHeader !== undefined) {
    // A client recognises the field `authorization`: another tab has renewed the cookie, and it must catch up.
    if (fromCookie !== undefined && fromCookie !== fromHeader)
      throw invalidRequest({ authorization: ['Not the token in the cookie.'] });
    return fromHeader;
  }
  if (fromCookie === undefined) throw new AuthError('TOKEN_MISSING');
  // An EventSource cannot set headers, and a subscription changes nothing.
  if (request.header('accept') === 'text/event-stream')
    assertAllowedOrigin(request, transport.allowedOrigins);
  else assertNotForged(request, transport.allowedOrigins);
  return fromCookie;
}

function readBearer(request: AuthRequest): string | undefined {
  const value = readSingle(request.headerValues('authorization'));
  if (value === undefined) return undefined;
  const space = value.indexOf(' ');
  const scheme = space === -1 ? value : value.slice(0, space);
  if (scheme !== 'Bearer' && scheme.toLowerCase() !== 'bearer') return undefined;
  const token = value.slice(scheme.length).trim();
  if (!B64_TOKEN.test(token)) throw invalidRequest();
  return token;
}

function readSingle(values: readonly string[]): string | undefined {
  if (values.length > 1) throw invalidRequest();
  return values[0];
}

function invalidRequest(fields?: FieldMessages): AuthError {
  const challenge = { error: 'invalid_request' };
  return new AuthError('VALIDATION', fields ? { challenge, fields } : { challenge });
}

/**
 * Whether the client wants its refresh token in JSON rather than in a cookie.
 *
 * @throws AuthError VALIDATION | CSRF_REJECTED (from a browser's page)
 */
export function wantsBodyTransport(request: AuthRequest): boolean {
  const transport = request.header('x-latchkey-transport');
  if (transport === undefined || transport === 'cookie') return false;
  if (transport !== 'body') {
    throw new AuthError('VALIDATION', {
      fields: { 'x-latchkey-transport': ['Must be "body" or "cookie".'] },
    });
  }
  // A page's scripts must never get a refresh token.
  if (isFromBrowser(request)) throw new AuthError('CSRF_REJECTED');
  return true;
}

/**
 * Reads the refresh token from its cookie, if there is one. Where two are sent, nothing tells which is right: both are
 * refused and cleared.
 *
 * @throws AuthError REFRESH_INVALID
 */
export function readRefreshCookie(request: AuthRequest, cookie: AuthCookie): string | undefined {
  const values = cookie.read(request);
  if (values.length > 1) {
    cookie.clear(request);
    throw new AuthError('REFRESH_INVALID');
  }
  return values[0] === '' ? undefined : values[0];
}

/**
 * Reads the episode id of a refresh, if the client sends one.
 *
 * @throws AuthError VALIDATION
 */
export function readEpisode(request: AuthRequest): string | undefined {
  const episode = request.header('x-latchkey-episode');
  if (episode === undefined || EPISODE.test(episode)) return episode;
  throw new AuthError('VALIDATION', {
    fields: { 'x-latchkey-episode': ['1 to 64 letters, digits, - and _.'] },
  });
}
