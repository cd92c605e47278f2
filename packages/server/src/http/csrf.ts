import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from './authRequest.js';

/** Whether a content type is JSON, the one that no HTML form can send. */
export function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/**
 * Refuses a request that another site may have made: it must be JSON and carry `x-latchkey: 1`, which
 * both force a preflight, and come from an allowed origin where the browser names one
 * (OWASP CSRF; ASVS 3.5.1–3).
 *
 * @throws AuthError CSRF_REJECTED
 */
export function assertNotForged(exchange: AuthRequest, allowedOrigins: readonly string[]): void {
  const isOurs = isJson(exchange.header('content-type')) && exchange.header('x-latchkey') === '1';
  if (!isOurs) throw new AuthError('CSRF_REJECTED');
  assertAllowedOrigin(exchange, allowedOrigins);
}

/**
 * The part of the rule that also a request without custom headers can meet, such as an EventSource's.
 *
 * @throws AuthError CSRF_REJECTED
 */
export function assertAllowedOrigin(exchange: AuthRequest, allowedOrigins: readonly string[]): void {
  const origin = exchange.header('origin');
  const foreign = origin !== undefined && !allowedOrigins.includes(origin);
  if (foreign || exchange.header('sec-fetch-site') === 'cross-site') throw new AuthError('CSRF_REJECTED');
}

/** Whether the request comes from a browser's page: those headers no page can leave out or forge. */
export function isFromBrowser(exchange: AuthRequest): boolean {
  return exchange.header('origin') !== undefined || exchange.header('sec-fetch-site') !== undefined;
}
