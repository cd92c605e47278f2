import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateCredentials } from '../src/session/renewalTime.js';
import {
  credentialsOf,
  hasSignedOut,
  INITIAL_STATE,
  isUsable,
  maySend,
  nextAttempt,
  type SessionEvent,
  type SessionState,
  toSnapshot,
  transition,
} from '../src/session/sessionState.js';
import { AuthError } from '../src/transport/authError.js';
import { dateFailure } from '../src/transport/failure.js';

const LIFE_MS = 59_000;
const outage = new AuthError('No answer', {});

function failureAt(now: number, count = 1) {
  return dateFailure({ error: outage, count }, now, 0.5);
}

/** Credentials of the session `id`, which belongs to the person `user-<id>`. */
function credentials(id: string, generation = 0, now = 0) {
  const user = {
    id: `user-${id}`,
    username: id,
    email: `${id}@example.org`,
    emailVerified: false,
    roles: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  const session = { id, generation, expiresAt: '2030-01-01T00:00:00.000Z' };
  return dateCredentials({ user, session, accessToken: `${id}.${generation}`, expiresIn: 60 }, now, 0.5);
}

function after(...events: SessionEvent[]): SessionState {
  return events.reduce(transition, INITIAL_STATE);
}

const signedIn: SessionEvent = { type: 'signedIn', credentials: credentials('a') };
const REFRESH_STARTED: SessionEvent = { type: 'refreshStarted' };
const refreshFailed: SessionEvent = { type: 'refreshFailed', failure: failureAt(0) };
const SIGNED_OUT: SessionEvent = { type: 'signedOut', headers: { authorization: 'Bearer a.0' } };
const ABSENT: SessionEvent = { type: 'refreshRefused', reason: 'REFRESH_MISSING' };
const REVOKED: SessionEvent = { type: 'refreshRefused', reason: 'SESSION_REVOKED' };

test.each<[string, SessionEvent[], object]>([
  ['at the start', [], { status: 'restoring', user: null }],
  ['while it restores', [REFRESH_STARTED], { status: 'restoring', user: null }],
  ['when nobody is signed in', [REFRESH_STARTED, ABSENT], { status: 'anonymous', user: null }],
  [
    'when the session was over before',
    [REFRESH_STARTED, REVOKED],
    { status: 'ended', reason: 'SESSION_REVOKED' },
  ],
  [
    'in an outage at the start',
    [REFRESH_STARTED, refreshFailed],
    { status: 'unreachable', user: null, error: outage },
  ],
  ['after a sign-in', [signedIn], { status: 'authenticated', user: { id: 'user-a' } }],
  ['during a refresh', [signedIn, REFRESH_STARTED], { status: 'refreshing', user: { id: 'user-a' } }],
  [
    'after a refresh',
    [signedIn, REFRESH_STARTED, { type: 'refreshed', credentials: credentials('a', 1) }],
    { status: 'authenticated', user: { id: 'user-a' } },
  ],
  ['after a failed refresh', [signedIn, REFRESH_STARTED, refreshFailed], { status: 'authenticated' }],
  [
    'in an outage once the token was refused',
    [signedIn, { type: 'tokenRefused' }, REFRESH_STARTED, refreshFailed],
    { status: 'unreachable', user: { id: 'user-a' }, error: outage },
  ],
  ['after a refused refresh', [signedIn, ABSENT], { status: 'ended', user: null, reason: 'REFRESH_MISSING' }],
  ['after a sign-out', [signedIn, SIGNED_OUT], { status: 'ended', user: null, reason: 'SIGNED_OUT' }],
  [
    'after a sign-out elsewhere',
    [signedIn, { type: 'endedElsewhere', ended: 'a', reason: 'SIGNED_OUT' }],
    { status: 'ended', user: null, reason: 'SIGNED_OUT' },
  ],
  [
    'after a sign-in elsewhere',
    [signedIn, { type: 'signedInElsewhere', credentials: credentials('b') }],
    { status: 'authenticated', user: { id: 'user-b' } },
  ],
])('shows the right snapshot %s', (_when, events, snapshot) => {
  expect(toSnapshot(after(...events), 1000)).toMatchObject(snapshot);
});

test('has a usable token until shortly before its stated end', () => {
  const state = after(signedIn);
  expect([0, LIFE_MS - 1, LIFE_MS].map((now) => isUsable(state, now))).toEqual([true, true, false]);
  expect(maySend(state, LIFE_MS)).toBe(false);
  expect(isUsable(after(signedIn, { type: 'tokenRefused' }), 0)).toBe(false);
});

test('lets calls go out without a token once it is known that nobody is signed in', () => {
  expect(maySend(INITIAL_STATE, 0)).toBe(false);
  expect(maySend(after(ABSENT), 0)).toBe(true);
  expect(maySend(after(signedIn, SIGNED_OUT), 0)).toBe(true);
});

test('renews in the second half of the life of a token, and tries again after a failure', () => {
  expect(nextAttempt(INITIAL_STATE)).toBeUndefined();
  const { retryAt } = nextAttempt(after(signedIn)) ?? {};
  expect(retryAt).toBeGreaterThan(LIFE_MS / 2);
  expect(retryAt).toBeLessThan(LIFE_MS);
  expect(nextAttempt(after(signedIn, refreshFailed))).toEqual(failureAt(0));
  expect(nextAttempt(after(signedIn, SIGNED_OUT))).toBeUndefined();
});

describe('an older token', () => {
  const newest: SessionEvent = { type: 'signedIn', credentials: credentials('a', 2) };

  test.each<[string, SessionEvent]>([
    ['of an earlier generation', { type: 'signedInElsewhere', credentials: credentials('a', 1) }],
    ['that ends sooner', { type: 'signedInElsewhere', credentials: credentials('a', 2, -1000) }],
    ['that a late refresh brings', { type: 'refreshed', credentials: credentials('a', 1) }],
  ])('%s changes nothing', (_which, event) => {
    const state = after(newest, REFRESH_STARTED);
    expect(transition(state, event)).toBe(state);
  });

  test('of another session is taken over, unless that session is past', () => {
    const state = after(newest, { type: 'signedIn', credentials: credentials('b') });
    const late: SessionEvent = { type: 'signedInElsewhere', credentials: credentials('a', 3) };
    expect(transition(state, late)).toBe(state);
    expect(credentialsOf(transition(state, { type: 'signedIn', credentials: credentials('a', 3) }))).toEqual(
      credentials('a', 3),
    );
  });
});

test('takes the same token again once the guard has refused it', () => {
  const refused = after(signedIn, { type: 'tokenRefused' });
  expect(isUsable(transition(refused, { type: 'refreshed', credentials: credentials('a') }), 0)).toBe(true);
});

test('does not bring back a session that ended while its refresh was under way', () => {
  const state = after(REFRESH_STARTED, { type: 'endedElsewhere', ended: 'a', reason: 'SIGNED_OUT' });
  expect(state).toMatchObject({ phase: 'restoring', isRefreshing: true });
  expect(transition(state, { type: 'refreshed', credentials: credentials('a') })).toMatchObject({
    phase: 'ended',
    reason: 'SIGNED_OUT',
    isRefreshing: false,
  });
});

test('remembers a sign-out until the server confirms it or a person signs in', () => {
  const state = after(signedIn, SIGNED_OUT, { type: 'signOutFailed', failure: failureAt(0) });
  expect(hasSignedOut(state)).toBe(true);
  expect(nextAttempt(state)).toEqual(failureAt(0));
  const confirmed = transition(state, { type: 'signOutConfirmed' });
  expect(hasSignedOut(confirmed)).toBe(false);
  expect(nextAttempt(confirmed)).toBeUndefined();
  const other = transition(state, { type: 'signedIn', credentials: credentials('b') });
  expect(transition(other, { type: 'signOutFailed', failure: failureAt(0, 2) })).toBe(other);
  expect(other.failure).toBeUndefined();
});

const ids = fc.constantFrom('a', 'b', 'c');
const someCredentials = fc
  .tuple(ids, fc.nat(3), fc.nat(100_000))
  .map(([id, generation, now]) => credentials(id, generation, now));
const reasons = fc.constantFrom('SESSION_REVOKED', 'REFRESH_MISSING', 'ACCOUNT_DISABLED');
const failures = fc.nat(100_000).map((now) => failureAt(now));

const events: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom<SessionEvent>(
    REFRESH_STARTED,
    { type: 'tokenRefused' },
    { type: 'signOutConfirmed' },
    SIGNED_OUT,
  ),
  fc.record({
    type: fc.constantFrom('refreshed', 'signedIn', 'signedInElsewhere'),
    credentials: someCredentials,
  }),
  fc.record({ type: fc.constant('refreshRefused'), reason: reasons }),
  fc.record({ type: fc.constantFrom('refreshFailed', 'signOutFailed'), failure: failures }),
  fc.record({ type: fc.constant('endedElsewhere'), ended: ids, reason: reasons }),
);

describe('after any sequence of events', () => {
  const sequences = fc.array(events, { maxLength: 30 });

  test('only a sign-in of this tab brings back a session that has ended', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        let state = INITIAL_STATE;
        for (const event of sequence) {
          const ended = [...state.past].filter(([, how]) => how === 'ended').map(([id]) => id);
          state = transition(state, event);
          const current = credentialsOf(state)?.session.id;
          if (event.type !== 'signedIn' && current) expect(ended).not.toContain(current);
        }
      }),
    );
  });

  test('a failure changes nobody, and a session never goes back to an older generation', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        let state = INITIAL_STATE;
        for (const event of sequence) {
          const before = credentialsOf(state);
          state = transition(state, event);
          const now = credentialsOf(state);
          if (event.type === 'refreshFailed' || event.type === 'signOutFailed') expect(now).toBe(before);
          if (before && now && before.session.id === now.session.id)
            expect(now.session.generation).toBeGreaterThanOrEqual(before.session.generation);
        }
      }),
    );
  });

  test('the snapshot shows the person whose credentials there are, and no other', () => {
    fc.assert(
      fc.property(sequences, fc.nat(200_000), (sequence, now) => {
        const state = sequence.reduce(transition, INITIAL_STATE);
        expect(toSnapshot(state, now).user?.id).toBe(credentialsOf(state)?.user.id);
      }),
    );
  });

  test('a state without a person and without a failure waits for nothing', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const state = sequence.reduce(transition, INITIAL_STATE);
        if (state.phase !== 'signedIn' && !state.failure) expect(nextAttempt(state)).toBeUndefined();
      }),
    );
  });
});
