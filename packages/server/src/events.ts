import { createHash } from 'node:crypto';
import type { Clock } from './clock.js';

/** Security events by the names of the OWASP Logging Vocabulary, and Latchkey's own beside them. */
export type AuthEventType =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_token_reuse'
  | 'session_created'
  | 'session_renewed'
  | 'session_revoked'
  | 'session_healed'
  | 'user_created'
  | 'user_updated'
  | 'user_deleted'
  | 'background_error';

/** Something that happened to an account or a session; holds no secret. */
export interface AuthEvent {
  readonly type: AuthEventType;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly userId?: string;
  /** A hash of the session id: it tells events of one session together and gives nothing away. */
  readonly session?: string;
  readonly ip?: string;
  readonly detail?: string;
  readonly error?: unknown;
}

/** What the code tells of an event. */
export interface AuthEventDetails {
  userId?: string;
  sessionId?: string;
  ip?: string;
  detail?: string;
  error?: unknown;
}

/** Where events go. */
export interface AuthEvents {
  emit(type: AuthEventType, details?: AuthEventDetails): void;
}

/** Events for one listener; what the listener throws never reaches the request. */
export function createAuthEvents(listener: (event: AuthEvent) => void, clock: Clock): AuthEvents {
  return {
    emit(type, { sessionId, ...details } = {}) {
      const session = sessionId === undefined ? {} : { session: sessionReference(sessionId) };
      try {
        listener({ type, at: new Date(clock()).toISOString(), ...session, ...details });
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    },
  };
}

const sessionReference = (sessionId: string) =>
  createHash('sha256').update(sessionId).digest('base64url').slice(0, 16);
