import { createHmac, hkdfSync } from 'node:crypto';
import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';

interface EventKind {
  readonly outcome: 'success' | 'failure';
  /** Whether the person whose account it is finds it in their activity. */
  readonly activity: boolean;
}

const DONE = { outcome: 'success', activity: false } as const;
const FAILED = { outcome: 'failure', activity: false } as const;

function shown<T extends EventKind>(kind: T) {
  return { ...kind, activity: true } as const;
}

/**
 * Every security event: the names of the OWASP Logging Vocabulary, and Latchkey's own where it has none
 * (`session_logout`, `session_healed`, `background_error`). Names are stable; new ones may be added.
 */
export const EVENTS = {
  /** A password was found right. */
  authn_login_success: shown(DONE),
  /** As above, after failures against the account; worth telling the person. */
  authn_login_successafterfail: shown(DONE),
  /** A sign-in was refused; has a `userId` where the account exists. */
  authn_login_fail: shown(FAILED),
  /** Sign-ins to an account were locked for a while. */
  authn_login_lock: shown(FAILED),
  /** A password was changed, or set anew with a mailed link. */
  authn_password_change: shown(DONE),
  /** A password change was refused. */
  authn_password_change_fail: shown(FAILED),
  /** A one-time link was made and mailed; `detail` names its purpose. */
  authn_token_created: shown(DONE),
  /** A session was ended by anything but its own sign-out; `detail` is the reason. */
  authn_token_revoked: shown(DONE),
  /** A superseded refresh token was presented: a theft. The session is ended. */
  authn_token_reuse: shown(FAILED),
  /** An administrator acted; `targetUserId` is upon whom, `detail` what. */
  authz_admin: DONE,
  /** A guard refused; `detail` is the reason. */
  authz_fail: FAILED,
  /** A limit refused. */
  excess_rate_limit_exceeded: FAILED,
  /** Input was refused; never quotes it. */
  input_validation_fail: FAILED,
  /** A request came from where none is allowed from. */
  malicious_csrf: FAILED,
  /** A person's roles were changed. */
  privilege_permissions_changed: shown(DONE),
  /** A session began. */
  session_created: DONE,
  /** A session's refresh token was rotated. */
  session_renewed: DONE,
  /** A session was asked for after its natural end. */
  session_expired: FAILED,
  /** A person signed out. */
  session_logout: shown(DONE),
  /** A session that had been ended was used. */
  session_use_after_expire: FAILED,
  /** A session went on after the database had gone back in time; `detail` tells the generations. */
  session_healed: DONE,
  /** An account came to be. */
  user_created: shown(DONE),
  /** Something about an account was changed; `detail` names it. */
  user_updated: shown(DONE),
  /** An account was deleted. */
  user_deleted: DONE,
  /** Something beside the requests failed; has the `error`. */
  background_error: FAILED,
} as const satisfies Record<string, EventKind>;

/** The name of a security event. */
export type AuthEventType = keyof typeof EVENTS;

/** Something that happened to an account or a session; holds no secret and nothing that a client typed. */
export interface AuthEvent {
  readonly type: AuthEventType;
  readonly outcome: EventKind['outcome'];
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Whose account it is about; whoever acts, where there is a `targetUserId`. */
  readonly userId?: string;
  /** Upon whom somebody else acted. */
  readonly targetUserId?: string;
  /** A keyed hash of the session id: it tells events of one session together and gives nothing away. */
  readonly session?: string;
  readonly ip?: string;
  /** A reason, a number or a role: never what a client typed. */
  readonly detail?: string;
  readonly error?: unknown;
}

/** What the code tells of an event. */
export interface AuthEventDetails {
  userId?: string | undefined;
  targetUserId?: string | undefined;
  sessionId?: string | undefined;
  /** Where the request came from; left out where the person had no part in it. */
  client?: ClientInfo | undefined;
  /** Where no more than the address is known. */
  ip?: string | undefined;
  detail?: string | undefined;
  error?: unknown;
}

/** Where events go. */
export interface AuthEvents {
  emit(type: AuthEventType, details?: AuthEventDetails): void;
}

export interface AuthEventsOptions {
  /** The host's, if it has one; what it throws never reaches the request. */
  readonly listener: ((event: AuthEvent) => void) | undefined;
  /** Takes what belongs into a person's activity. */
  readonly record: (event: AuthEvent, client: ClientInfo | undefined) => void;
  readonly clock: Clock;
  /** Sessions are hashed with a key derived from it, so that a log and a database cannot be joined. */
  readonly secret: string;
}

/** Events for one listener and the activity log. */
export function createAuthEvents(options: AuthEventsOptions): AuthEvents {
  const { listener, record, clock } = options;
  const key = Buffer.from(hkdfSync('sha256', options.secret, '', 'latchkey session reference', 32));
  const referenceOf = (sessionId: string) =>
    createHmac('sha256', key).update(sessionId).digest('base64url').slice(0, 16);
  return {
    emit(type, { sessionId, client, ip = client?.ip, ...details } = {}) {
      if (listener === undefined && !EVENTS[type].activity) return;
      const event: AuthEvent = {
        type,
        outcome: EVENTS[type].outcome,
        at: new Date(clock()).toISOString(),
        ...(sessionId === undefined ? {} : { session: referenceOf(sessionId) }),
        ...(ip === undefined ? {} : { ip }),
        ...defined(details),
      };
      if (EVENTS[type].activity) record(event, client);
      try {
        listener?.(event);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    },
  };
}

type FurtherDetails = Pick<AuthEventDetails, 'userId' | 'targetUserId' | 'detail' | 'error'>;

function defined({ userId, targetUserId, detail, error }: FurtherDetails) {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(targetUserId === undefined ? {} : { targetUserId }),
    ...(detail === undefined ? {} : { detail }),
    ...(error === undefined ? {} : { error }),
  };
}
