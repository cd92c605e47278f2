import { expect, test } from 'vitest';
import { AuthError, type AuthReason } from '../src/index.js';
import { endReason, isAbsent, isGuardRefusal, isStale, isUnanswered } from '../src/transport/reasons.js';

function refusal(reason: string, httpStatus = 401): AuthError {
  return new AuthError('', { data: { code: 'UNAUTHORIZED', httpStatus, reason: reason as AuthReason } });
}

test.each([
  [
    'SESSION_EXPIRED',
    'REFRESH_MISSING',
    'REFRESH_INVALID',
    'REFRESH_REUSED',
    'ACCOUNT_DISABLED',
    'SESSION_REVOKED',
  ],
])('ends the session for %s and its like', (...reasons) => {
  expect(reasons.map((reason) => endReason(refusal(reason)))).toEqual(reasons);
});

test('ends nothing for a reason that is about one call', () => {
  for (const reason of [
    'TOKEN_EXPIRED',
    'REFRESH_STALE',
    'STEP_UP_REQUIRED',
    'TOO_MANY_ATTEMPTS',
    'NOT_FOUND',
  ])
    expect(endReason(refusal(reason))).toBeUndefined();
});

test.each([
  'SESSION_PAUSED',
  'TOKEN_UNBOUND',
  'REFRESH_FROZEN',
  'ACCOUNT_LOCKED',
  'constructor',
  '__proto__',
  '',
])(
  'lets the unknown reason "%s" of a newer server pass: it ends nothing and is no refusal of the guard',
  (reason) => {
    const error = refusal(reason);
    expect(endReason(error)).toBeUndefined();
    expect(isStale(error)).toBe(false);
    expect(isGuardRefusal(error.data)).toBe(false);
    expect(error.data?.reason).toBe(reason);
  },
);

test('knows a refusal of the guard by its code and reason, or by the field it names', () => {
  for (const reason of [
    'TOKEN_MISSING',
    'TOKEN_EXPIRED',
    'TOKEN_INVALID',
    'SESSION_EXPIRED',
    'SESSION_REVOKED',
  ])
    expect(isGuardRefusal(refusal(reason).data)).toBe(true);
  for (const reason of ['INVALID_CREDENTIALS', 'STEP_UP_REQUIRED', 'REFRESH_REUSED'])
    expect(isGuardRefusal(refusal(reason).data)).toBe(false);
  expect(isGuardRefusal({ code: 'FORBIDDEN', reason: 'TOKEN_EXPIRED' })).toBe(false);
  expect(isGuardRefusal({ code: 'BAD_REQUEST', fields: { authorization: ['differs'] } })).toBe(true);
  expect(isGuardRefusal(undefined)).toBe(false);
});

test('tells that a browser has no session from that a session has ended', () => {
  expect(isAbsent('REFRESH_MISSING')).toBe(true);
  expect(isAbsent('REFRESH_INVALID')).toBe(true);
  expect(isAbsent('SESSION_REVOKED')).toBe(false);
  expect(isAbsent('SIGNED_OUT')).toBe(false);
});

test('takes 5xx, 429 and no answer for no final answer, and nothing else', () => {
  expect(isUnanswered(new AuthError('No answer', {}))).toBe(true);
  expect([500, 503, 599, 429].map((status) => isUnanswered(refusal('', status)))).not.toContain(false);
  expect([200, 400, 401, 403].map((status) => isUnanswered(refusal('', status)))).not.toContain(true);
  expect(isUnanswered(new Error('another'))).toBe(false);
});
