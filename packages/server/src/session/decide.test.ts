import { describe, expect, it } from 'vitest';
import { type Decision, decide, type PresentedToken, type SessionState } from './decide.js';

const NOW = 1_000_000;
const GRACE = 30_000;
const POLICY = { graceMs: GRACE, healLimit: 8 };

function session(changes: Partial<SessionState> = {}): SessionState {
  return {
    generation: 5,
    currentHash: 'hash-5',
    movedFrom: 4,
    healed: false,
    graceFrom: NOW - GRACE,
    acknowledged: 5,
    attempts: ['e5', 'e4', 'e3', 'e2'],
    idleExpiresAt: NOW + 1,
    expiresAt: NOW + 1,
    revoked: false,
    ...changes,
  };
}

function token(generation: number, changes: Partial<PresentedToken> = {}): PresentedToken {
  return {
    generation,
    hash: `hash-${generation}`,
    hashAt: (later) => `hash-${later}`,
    ...changes,
  };
}

interface Row {
  name: string;
  session?: Partial<SessionState>;
  token: PresentedToken;
  grace?: number;
  expected: Decision;
}

const IN_GRACE = { graceFrom: NOW - GRACE + 1 };
const UNUSED = { acknowledged: 4 };
/** The database had lost generations 3 and 4 when generation 4's token came. */
const HEALED = { movedFrom: 2, healed: true };

const rows: Row[] = [
  {
    name: 'another secret of the current generation',
    token: token(5, { hash: 'x' }),
    expected: { kind: 'invalid' },
  },
  { name: 'another predecessor', token: token(4, { hashAt: () => 'x' }), expected: { kind: 'invalid' } },
  {
    name: 'another secret, even of a revoked session',
    session: { revoked: true },
    token: token(5, { hash: 'x' }),
    expected: { kind: 'invalid' },
  },
  {
    name: 'any token of a revoked session',
    session: { revoked: true },
    token: token(5),
    expected: { kind: 'revoked' },
  },
  {
    name: 'an old token of a revoked session',
    session: { revoked: true },
    token: token(1),
    expected: { kind: 'revoked' },
  },
  {
    name: 'past the absolute end',
    session: { expiresAt: NOW },
    token: token(5),
    expected: { kind: 'expired' },
  },
  {
    name: 'past the idle end',
    session: { idleExpiresAt: NOW },
    token: token(5),
    expected: { kind: 'expired' },
  },
  { name: 'current, not in grace', token: token(5), expected: { kind: 'rotate' } },
  {
    name: 'current, before any rotation',
    session: { graceFrom: null },
    token: token(5),
    expected: { kind: 'rotate' },
  },
  {
    name: 'current, in grace',
    session: IN_GRACE,
    token: token(5),
    expected: { kind: 'replay', late: false },
  },
  {
    name: 'current, in a grace of 0',
    session: { graceFrom: NOW },
    token: token(5),
    grace: 0,
    expected: { kind: 'rotate' },
  },
  { name: 'one ahead', token: token(6), expected: { kind: 'heal' } },
  { name: 'eight ahead', token: token(13), expected: { kind: 'heal' } },
  { name: 'nine ahead', token: token(14), expected: { kind: 'invalid' } },
  {
    name: 'ahead of a revoked session',
    session: { revoked: true },
    token: token(6),
    expected: { kind: 'revoked' },
  },
  {
    name: 'one behind, successor unused',
    session: UNUSED,
    token: token(4),
    expected: { kind: 'replay', late: true },
  },
  {
    name: 'one behind, in grace',
    session: IN_GRACE,
    token: token(4),
    expected: { kind: 'replay', late: false },
  },
  {
    name: 'one behind, late duplicate',
    token: token(4, { episode: 'e5' }),
    expected: { kind: 'replay', late: false },
  },
  { name: 'one behind, an older episode', token: token(4, { episode: 'e4' }), expected: { kind: 'reuse' } },
  { name: 'one behind, used, past grace', token: token(4), expected: { kind: 'reuse' } },
  { name: 'older, in grace', session: IN_GRACE, token: token(3), expected: { kind: 'stale' } },
  {
    name: 'older, successor unused but not its own',
    session: UNUSED,
    token: token(3),
    expected: { kind: 'reuse' },
  },
  { name: 'older, late duplicate', token: token(1, { episode: 'e2' }), expected: { kind: 'stale' } },
  { name: 'older, past grace', token: token(3), expected: { kind: 'reuse' } },
  {
    name: 'of a generation that a heal passed over, successor unused',
    session: { ...HEALED, ...UNUSED },
    token: token(2),
    expected: { kind: 'replay', late: true },
  },
  {
    name: 'of a generation that a heal passed over, in grace',
    session: { ...HEALED, ...IN_GRACE },
    token: token(3),
    expected: { kind: 'replay', late: false },
  },
  {
    name: 'of a generation that a heal passed over, used, past grace',
    session: HEALED,
    token: token(3),
    expected: { kind: 'forgive' },
  },
  {
    name: 'one behind a heal, used, past grace',
    session: HEALED,
    token: token(4),
    expected: { kind: 'forgive' },
  },
  {
    name: 'of a generation that a heal passed over, forgiven before and used since',
    session: { ...HEALED, healed: false },
    token: token(3),
    expected: { kind: 'reuse' },
  },
  {
    name: 'of a generation that a heal passed over, with another chain of secrets',
    session: HEALED,
    token: token(3, { hashAt: () => 'x' }),
    expected: { kind: 'invalid' },
  },
  { name: 'older than a heal started from', session: HEALED, token: token(1), expected: { kind: 'reuse' } },
];

describe('decide', () => {
  it.each(rows)('$name → $expected.kind', ({ session: changes, token: presented, grace, expected }) => {
    const graceMs = grace ?? GRACE;
    expect(decide(session(changes), presented, { now: NOW, policy: { ...POLICY, graceMs } })).toEqual(
      expected,
    );
  });

  it('does not match a missing episode with the empty one of a rotation without an id', () => {
    const silent = session({ attempts: ['', '', '', ''] });
    expect(decide(silent, token(4), { now: NOW, policy: POLICY })).toEqual({ kind: 'reuse' });
    expect(decide(silent, token(2), { now: NOW, policy: POLICY })).toEqual({ kind: 'reuse' });
  });

  it('refuses every token ahead of the database when healing is off', () => {
    const strict = { ...POLICY, healLimit: 0 };
    expect(decide(session(), token(6), { now: NOW, policy: strict })).toEqual({ kind: 'invalid' });
  });
});
