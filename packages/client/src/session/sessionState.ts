import type { Failure } from '../transport/failure.js';
import { type EndReason, isAbsent } from '../transport/reasons.js';
import { type DatedCredentials, isOlder } from './renewalTime.js';
import type { SessionSnapshot } from './types.js';

/** What every state has. */
interface Common {
  readonly isRefreshing: boolean;
  /** The last refresh, or sign-out, if it got no final answer. */
  readonly failure?: Failure | undefined;
  /**
   * Sessions that are over: no late answer brings back one that `ended`, and no late message of another tab one that was
   * `replaced`.
   */
  readonly past: ReadonlyMap<string, 'ended' | 'replaced'>;
}

/** Everything that a session knows. */
export type SessionState =
  | (Common & { readonly phase: 'restoring' | 'anonymous' })
  | (Common & { readonly phase: 'signedIn'; readonly credentials: DatedCredentials })
  | (Common & {
      readonly phase: 'ended';
      readonly reason: EndReason;
      /** Headers of a sign-out that the server has not confirmed. */
      readonly signOut?: Readonly<Record<string, string>> | undefined;
    });

/** Everything that can happen to a session. */
export type SessionEvent =
  | { readonly type: 'refreshStarted' }
  | { readonly type: 'refreshed'; readonly credentials: DatedCredentials }
  | { readonly type: 'refreshRefused'; readonly reason: EndReason }
  | { readonly type: 'refreshFailed'; readonly failure: Failure }
  | { readonly type: 'signedIn'; readonly credentials: DatedCredentials }
  | { readonly type: 'signedInElsewhere'; readonly credentials: DatedCredentials }
  | { readonly type: 'endedElsewhere'; readonly ended: string; readonly reason: EndReason }
  | { readonly type: 'tokenRefused' }
  | { readonly type: 'signedOut'; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'signOutFailed'; readonly failure: Failure }
  | { readonly type: 'signOutConfirmed' };

export const INITIAL_STATE: SessionState = { phase: 'restoring', isRefreshing: false, past: new Map() };

/** The state after an event; the same object if nothing changes. */
export function transition(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'refreshStarted':
      return { ...state, isRefreshing: true };
    case 'refreshed':
      if (state.past.get(event.credentials.session.id) === 'ended') return end(state, 'SIGNED_OUT');
      return adopt(state, event.credentials);
    case 'refreshRefused':
      return refuse(state, event.reason);
    case 'refreshFailed':
      return { ...state, isRefreshing: false, failure: event.failure };
    case 'signedIn':
      return adopt(state, event.credentials);
    case 'signedInElsewhere':
      return state.past.has(event.credentials.session.id) ? state : adopt(state, event.credentials);
    case 'endedElsewhere':
      if (credentialsOf(state)?.session.id === event.ended) return end(state, event.reason);
      return { ...state, past: new Map(state.past).set(event.ended, 'ended') };
    case 'tokenRefused':
      return state.phase === 'signedIn'
        ? { ...state, credentials: { ...state.credentials, until: 0 } }
        : state;
    case 'signedOut':
      return { ...end(state, 'SIGNED_OUT'), signOut: event.headers };
    case 'signOutFailed':
      return hasSignedOut(state) ? { ...state, failure: event.failure } : state;
    case 'signOutConfirmed':
      return hasSignedOut(state) ? { ...state, signOut: undefined, failure: undefined } : state;
  }
}

function adopt(state: SessionState, credentials: DatedCredentials): SessionState {
  const before = credentialsOf(state);
  const isSame = before?.session.id === credentials.session.id;
  if (before && isSame && isOlder(credentials, before)) return state;
  const past = new Map(state.past);
  if (before) past.set(before.session.id, 'replaced');
  past.delete(credentials.session.id);
  return { phase: 'signedIn', credentials, isRefreshing: false, past };
}

function end(state: SessionState, reason: EndReason): Extract<SessionState, { phase: 'ended' }> {
  const { session } = credentialsOf(state) ?? {};
  const past = session ? new Map(state.past).set(session.id, 'ended' as const) : state.past;
  const signOut = state.phase === 'ended' ? state.signOut : undefined;
  return { phase: 'ended', reason, signOut, isRefreshing: false, past };
}

/** A person who was signed in is not any more. Without one, this is how a page learns that nobody is. */
function refuse(state: SessionState, reason: EndReason): SessionState {
  if (state.phase === 'signedIn' || !isAbsent(reason)) return end(state, reason);
  const settled = { isRefreshing: false, failure: undefined };
  if (state.phase === 'ended') return { ...state, ...settled };
  return { ...state, ...settled, phase: 'anonymous' };
}

/** The credentials of the person signed in. */
export function credentialsOf(state: SessionState): DatedCredentials | undefined {
  return state.phase === 'signedIn' ? state.credentials : undefined;
}

/** Whether there is an access token that has not ended. */
export function isUsable(state: SessionState, now: number): boolean {
  return now < (credentialsOf(state)?.until ?? 0);
}

/** Whether a request may go out now: with a usable token, or without one where nobody is signed in. */
export function maySend(state: SessionState, now: number): boolean {
  return state.phase === 'signedIn' ? isUsable(state, now) : state.phase !== 'restoring';
}

/** Whether a sign-out waits for the server's confirmation. */
export function hasSignedOut(state: SessionState): state is Extract<SessionState, { phase: 'ended' }> {
  return state.phase === 'ended' && !!state.signOut;
}

/** When the session does something by itself, and when it may do so at the earliest; undefined if never. */
export function nextAttempt(state: SessionState): Pick<Failure, 'retryAt' | 'earliest'> | undefined {
  const renewAt = credentialsOf(state)?.renewAt;
  return state.failure ?? (renewAt === undefined ? undefined : { retryAt: renewAt, earliest: renewAt });
}

/** What the app is shown. */
export function toSnapshot(state: SessionState, now: number): SessionSnapshot {
  if (state.phase === 'ended') return { status: 'ended', user: null, reason: state.reason };
  const credentials = credentialsOf(state);
  const person = credentials && { user: credentials.user, expiresAt: credentials.session.expiresAt };
  if (state.failure && !isUsable(state, now))
    return { status: 'unreachable', user: null, ...person, error: state.failure.error };
  if (person) return { status: state.isRefreshing ? 'refreshing' : 'authenticated', ...person };
  return { status: state.phase === 'anonymous' ? state.phase : 'restoring', user: null };
}
