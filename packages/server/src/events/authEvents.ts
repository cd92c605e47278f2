import { createHmac, hkdfSync } from 'node:crypto';
import type { ClientInfo } from '../clientInfo.js';
import type { Clock } from '../clock.js';

interface EventKind {
  readonly outcome: 'success' | 'failure';
  /** Whether the account's owner sees it in their activity. */
  readonly activity: boolean;
}

const DONE = { outcome: 'success', activity: false } as const;
const FAILED = { outcome: 'failure', activity: false } as const;

function shown<T extends EventKind>(kind: T) {
  return { ...kind, activity: true } as const;
}

/**
 * Every security event. Names come from the OWASP Logging Vocabulary, or are Latchkey's own where it has none
 * (`session_logout`, `session_healed`, `background_error`). Names are stable; new ones may be added.
 */
export const EVENTS = {
  /** A person signed in with the right password. */
  authn_login_success: shown(DONE),
  /** The same, after failed attempts on the account; worth telling the person. */
  authn_login_successafterfail: shown(DONE),
  /** A sign-in was refused; has a `userId` if the account exists. */
  authn_login_fail: shown(FAILED),
  /** Sign-ins to an account were locked for a time. */
  authn_login_lock: shown(FAILED),
  /** A password was changed, or reset with a mailed link. */
  authn_password_change: shown(DONE),
  /** A password change was refused. */
  authn_password_change_fail: shown(FAILED),
  /** A one-time link was made and mailed; `detail` names its purpose. */
  authn_token_created: shown(DONE),
  /** A session ended in another way than by signing out; `detail` is the reason. */
  authn_token_revoked: shown(DONE),
  /** A superseded refresh token was presented, which means theft; the session is ended. */
  authn_token_reuse: shown(FAILED),
  /** An administrator changed the account `targetUserId`; `detail` names the change. */
  authz_admin: DONE,
  /** A guard refused; `detail` is the reason. */
  authz_fail: FAILED,
  /** A limit refused. */
  excess_rate_limit_exceeded: FAILED,
  /** Input was refused; the event does not quote it. */
  input_validation_fail: FAILED,
  /** A request came from an origin that is not allowed. */
  malicious_csrf: FAILED,
  /** A person's roles were changed. */
  privilege_permissions_changed: shown(DONE),
  /** A session began. */
  session_created: DONE,
  /** A session's refresh token was rotated. */
  session_renewed: DONE,
  /** A session was used after it had expired. */
  session_expired: FAILED,
  /** A person signed out. */
  session_logout: shown(DONE),
  /** A session was used after it had been ended. */
  session_use_after_expire: FAILED,
  /** A session continued after the database had been restored to an earlier state; `detail` names the generations. */
  session_healed: DONE,
  /** An account was created. */
  user_created: shown(DONE),
  /** An account was changed; `detail` names the field. */
  user_updated: shown(DONE),
  /** An account was deleted. */
  user_deleted: DONE,
  /** Background work failed; has the `error`. */
  background_error: FAILED,
} as const satisfies Record<string, EventKind>;

/** The name of a security event. */
export type AuthEventType = keyof typeof EVENTS;

/** Something that happened to an account or a session. It holds no secret and nothing that a client typed. */
export interface AuthEvent {
  readonly type: AuthEventType;
  readonly outcome: EventKind['outcome'];
  /** UTC, ISO 8601. */
  readonly at: string;
  /** The account that the event is about. With a `targetUserId`: the account of the person who acted. */
  readonly userId?: string;
  /** The account that another person acted on. */
  readonly targetUserId?: string;
  /** A keyed hash of the session id, the same in all events of one session. */
  readonly session?: string;
  readonly ip?: string;
  /** A reason, a number or a role: never what a client typed. */
  readonly detail?: string;
  readonly error?: unknown;
}

export interface EventDetails {
  userId?: string | undefined;
  targetUserId?: string | undefined;
  sessionId?: string | undefined;
  /** The device that sent the request; left out if the person had no part in it. */
  client?: ClientInfo | undefined;
  /** For events where only the address is known. */
  ip?: string | undefined;
  detail?: string | undefined;
  error?: unknown;
}

/** Sends events to one listener and to the activity log. */
export type AuthEvents = ReturnType<typeof createAuthEvents>;

export function createAuthEvents(options: {
  /** The host's; an error that it throws becomes a warning of the process. */
  listener: ((event: AuthEvent) => void) | undefined;
  /** Stores an event in a person's activity. */
  record: (event: AuthEvent, client: ClientInfo | undefined) => void;
  clock: Clock;
  /** Session ids are hashed with a key derived from it, so that a log cannot be joined with a database. */
  secret: string;
}) {
  const { listener, record, clock } = options;
  const key = Buffer.from(hkdfSync('sha256', options.secret, '', 'latchkey session reference', 32));
  const referenceOf = (sessionId: string) =>
    createHmac('sha256', key).update(sessionId).digest('base64url').slice(0, 16);

  return {
    emit(type: AuthEventType, details: EventDetails = {}): void {
      const { activity, outcome } = EVENTS[type];
      if (listener === undefined && !activity) return;
      const { userId, targetUserId, sessionId, client, ip = client?.ip, detail, error } = details;
      const event: AuthEvent = {
        type,
        outcome,
        at: new Date(clock()).toISOString(),
        ...(sessionId === undefined ? {} : { session: referenceOf(sessionId) }),
        ...(ip === undefined ? {} : { ip }),
        ...(userId === undefined ? {} : { userId }),
        ...(targetUserId === undefined ? {} : { targetUserId }),
        ...(detail === undefined ? {} : { detail }),
        ...(error === undefined ? {} : { error }),
      };
      if (activity) record(event, client);
      try {
        listener?.(event);
      } catch (cause) {
        process.emitWarning(cause instanceof Error ? cause : String(cause));
      }
    },
  };
}
