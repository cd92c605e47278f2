import { describe, expect, it } from 'vitest';
import { type Decision, decide, type SessionState } from '../../src/session/decide.js';
import { explore } from './explore.js';
import type { Bounds, Decide } from './world.js';

/** LATCHKEY_EXPLORE=long explores larger worlds, which takes minutes. */
const isLong = process.env.LATCHKEY_EXPLORE === 'long';

function pick<T>(usual: T, long: T) {
  return isLong ? long : usual;
}

const TABS = { thief: false, rollback: false };
const WORLDS: Record<string, Bounds> = {
  'two tabs and a lossy network': { ...TABS, generations: pick(3, 4), messages: pick(2, 3) },
  'two tabs and a rollback of the database': {
    ...TABS,
    rollback: true,
    generations: pick(2, 3),
    messages: 2,
  },
  'two tabs and a thief': { ...TABS, thief: true, generations: pick(2, 3), messages: 2 },
  'two tabs, a thief and a rollback': { thief: true, rollback: true, generations: 2, messages: pick(1, 2) },
};

/** The smallest worlds in which every broken row is noticed. */
const CONTROL_WORLDS: Bounds[] = [
  { ...TABS, generations: 2, messages: 1 },
  { ...TABS, generations: 2, messages: 2 },
  { ...TABS, rollback: true, generations: 2, messages: 1 },
  { ...TABS, thief: true, generations: 2, messages: 1 },
];

/** `decide` with another answer in one of its rows. */
function broken(
  isRow: (decision: Decision, session: SessionState, ahead: number) => boolean,
  instead: ReturnType<Decide>,
): Decide {
  return (session, presented, at) => {
    const decision = decide(session, presented, at);
    return isRow(decision, session, presented.generation - session.generation) ? instead : decision;
  };
}

const REPLAY: Decision = { kind: 'replay', late: false };
const REUSE: Decision = { kind: 'reuse' };
const ROTATE: Decision = { kind: 'rotate' };

const BROKEN_ROWS: Record<string, Decide> = {
  'a wrong secret ends the session': broken(({ kind }) => kind === 'invalid', REUSE),
  'a revoked session goes on': broken(
    ({ kind }, _session, ahead) => kind === 'revoked' && ahead === 0,
    ROTATE,
  ),
  'a session past its end goes on': broken(
    ({ kind }, _session, ahead) => kind === 'expired' && ahead === 0,
    ROTATE,
  ),
  'the current token never rotates': broken(({ kind }) => kind === 'rotate', REPLAY),
  'the current token rotates in grace too': broken(
    ({ kind }, _session, ahead) => kind === 'replay' && ahead === 0,
    ROTATE,
  ),
  'a token ahead of the database is refused': broken(({ kind }) => kind === 'heal', { kind: 'invalid' }),
  'a lost response is taken for theft': broken(
    (decision) => decision.kind === 'replay' && decision.late,
    REUSE,
  ),
  'a late replay opens no grace period': broken(
    (decision) => decision.kind === 'replay' && decision.late,
    REPLAY,
  ),
  'a racing tab is taken for a thief': broken(
    (decision, session, ahead) =>
      decision.kind === 'replay' && !decision.late && ahead === -1 && session.graceFrom === 1_000,
    REUSE,
  ),
  'a late duplicate is taken for theft': broken(
    (decision, session, ahead) =>
      decision.kind === 'replay' && !decision.late && ahead === -1 && session.graceFrom !== 1_000,
    REUSE,
  ),
  'an older late duplicate is taken for theft': broken(({ kind }) => kind === 'stale', REUSE),
  'an older token is answered in grace': broken(({ kind }) => kind === 'stale', REPLAY),
  'a used, superseded token is merely refused': broken(({ kind }) => kind === 'reuse', { kind: 'stale' }),
  'a used, superseded token is answered': broken(
    ({ kind }, _session, ahead) => kind === 'reuse' && ahead === -1,
    REPLAY,
  ),
};

/** Rows that matter only with a rollback, two lost generations and answers out of order, after many steps. */
const FAR_WORLD: Bounds = { ...TABS, rollback: true, generations: 3, messages: 2 };
const FAR_BROKEN_ROWS: Record<string, Decide> = {
  'a generation that a heal passed over is taken for theft': broken(
    ({ kind }, _session, ahead) => kind === 'replay' && ahead < -1,
    REUSE,
  ),
  'an answer from before a heal is taken for theft': broken(({ kind }) => kind === 'forgive', REUSE),
  'an answer from before a heal is forgiven without doubt': broken(({ kind }) => kind === 'forgive', {
    kind: 'forgive',
    undoubting: true,
  }),
};

describe('the protocol in every state', () => {
  it.each(Object.entries(WORLDS))(
    'keeps every invariant in every state of: %s',
    (_name, bounds) => {
      const { states, transitions, trace } = explore(decide, bounds);
      expect(trace, trace?.join('\n')).toBeUndefined();
      console.info(`${states} states, ${transitions} transitions`);
      expect(states).toBeGreaterThan(1_000);
    },
    isLong ? 3_600_000 : 600_000,
  );

  it.each(Object.entries(BROKEN_ROWS))(
    'notices when %s',
    (_name, judge) => {
      const trace = CONTROL_WORLDS.map((bounds) => explore(judge, bounds).trace).find((found) => found);
      expect(trace?.at(-1)).toMatch(/^✗ [1-5]: /);
    },
    600_000,
  );

  it.runIf(isLong).each(Object.entries(FAR_BROKEN_ROWS))(
    'notices after many steps when %s',
    (_name, judge) => {
      expect(explore(judge, FAR_WORLD).trace?.at(-1)).toMatch(/^✗ [1-5]: /);
    },
    3_600_000,
  );
});
