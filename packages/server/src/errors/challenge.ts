import type { AuthError } from './authError.js';
import type { AuthReason } from './reasons.js';
import { codeOfReason } from './reasons.js';

const REALM = 'latchkey';

/** The reasons that refuse a token which was sent. */
const TOKEN_REFUSED: ReadonlySet<AuthReason> = new Set([
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'SESSION_EXPIRED',
  'SESSION_REVOKED',
  'REFRESH_INVALID',
  'REFRESH_STALE',
  'REFRESH_REUSED',
] satisfies AuthReason[]);

/** The `WWW-Authenticate` value of a refusal (RFC 6750, 3; RFC 9470, 3), if it has one. */
export function challengeFor(error: AuthError): string | undefined {
  const parameters = { ...impliedBy(error), ...error.challenge };
  const isChallenge = codeOfReason(error.reason) === 'UNAUTHORIZED' || Object.keys(parameters).length > 0;
  if (!isChallenge) return undefined;
  const all = Object.entries({ realm: REALM, ...parameters });
  return `Bearer ${all.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

function impliedBy({ reason, message }: AuthError): Record<string, string> {
  if (TOKEN_REFUSED.has(reason)) return { error: 'invalid_token', error_description: message };
  if (reason === 'ROLE_REQUIRED') return { error: 'insufficient_scope' };
  if (reason === 'STEP_UP_REQUIRED') return { error: 'insufficient_user_authentication' };
  return {};
}
