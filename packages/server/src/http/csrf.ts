import { AuthError } from '../errors/authError.js';
import type { AuthRequest } from './authRequest.js';

/** Whether a content type is JSON, which no HTML form can send. */
export function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/**
 * The CSRF rule (OWASP; ASVS 3.5.1–3). It refuses a request that another site may have made: the request must be JSON
 * and carry `x-latchkey: 1`, which both force a preflight, and an origin that the browser names must be allowed.
 *
 * @throws AuthError CSRF_REJECTED
 */
export function assertNotForged(request: AuthRequest, allowedOrigins: readonly string[]): void {
  const isOurs = isJson(request.header('content-type')) && request.header('x-latchkey') === '1';
  if (!isOurs) throw new AuthError('CSRF_REJECTED');
  assertAllowedOrigin(request, allowedOrigins);
}

/**
 * The part of the CSRF rule that a request without custom headers can meet too, such as an EventSource's.
 *
 * @throws AuthError CSRF_REJECTED
 */
export function assertAllowedOrigin(request: AuthRequest, allowedOrigins: readonly string[]): void {
  const origin = request.header('origin');
  const foreign = origin !== undefined && !allowedOrigins.includes(origin);
  if (foreign || request.header('sec-fetch-site') === 'cross-site') throw new AuthError('CSRF_REJECTED');
}

/** Whether a browser's page made the request. A page can neither omit nor forge these headers. */
export function isFromBrowser(request: AuthRequest): boolean {
  return request.header('origin') !== undefined || request.header('sec-fetch-site') !== undefined;
}
