import type { SessionView, ThiefView } from '@latchkey/api/inspector';
import { describe, expect, test } from 'vitest';
import { layOut } from '../drawing/layout.js';
import { markAt } from '../drawing/markAt.js';
import { createTimeScale } from '../drawing/timeScale.js';
import type { TabMark } from '../tap/tabMark.js';
import { createServerScribe } from './addServerEvent.js';
import { addTabMark } from './addTabMark.js';
import { createTimeline, type Timeline } from './createTimeline.js';
import { explain } from './explain.js';

const T = 1_800_000_000_000;
const TAB = { id: 'a', kind: 'page' } as const;

function token(id: string, at: number, generation = 0): TabMark {
  return {
    id,
    kind: 'token',
    at,
    end: at + 5_000,
    session: 's',
    generation,
    via: 'refresh',
  };
}

function call(id: string, at: number, more: object = {}): TabMark {
  return {
    id,
    kind: 'call',
    at,
    path: 'notes.list',
    isStream: false,
    tries: 1,
    ...more,
  };
}

function laneOf(timeline: Timeline, id: string) {
  const lane = timeline.lanes().find((candidate) => candidate.id === id);
  if (!lane) throw new Error(`no lane ${id}`);
  return lane;
}

describe('tabs', () => {
  test('an access token ends where the next begins, and the last where the session does', () => {
    const timeline = createTimeline();
    addTabMark(timeline, TAB, token('1', T));
    addTabMark(timeline, TAB, token('2', T + 3_000, 1));
    addTabMark(timeline, TAB, {
      id: '3',
      kind: 'status',
      at: T + 4_000,
      status: 'ended',
      reason: 'SIGNED_OUT',
    });
    expect(laneOf(timeline, 'a').bars.map(({ to }) => to)).toEqual([T + 3_000, T + 4_000]);
  });

  test('an access token keeps its end when a tab sends its marks again or in another order', () => {
    const timeline = createTimeline();
    const ended: TabMark = { id: '3', kind: 'status', at: T + 4_000, status: 'ended' };
    for (const mark of [
      token('2', T + 3_000, 1),
      token('1', T),
      ended,
      token('1', T),
      token('2', T + 3_000, 1),
    ])
      addTabMark(timeline, TAB, mark);
    expect(laneOf(timeline, 'a').bars.map(({ from, to }) => [from, to])).toEqual([
      [T, T + 3_000],
      [T + 3_000, T + 4_000],
    ]);
  });

  test('a mark that arrives twice or late is one mark in its place in time', () => {
    const timeline = createTimeline();
    addTabMark(timeline, TAB, call('2', T + 500));
    addTabMark(timeline, TAB, call('1', T));
    addTabMark(timeline, TAB, call('2', T + 500, { end: T + 600, outcome: 'answered' }));
    const { points } = laneOf(timeline, 'a');
    expect(points.map(({ id, to }) => [id, to])).toEqual([
      ['a/1', undefined],
      ['a/2', T + 600],
    ]);
  });

  test('a closed tab leaves no open mark', () => {
    const timeline = createTimeline();
    addTabMark(timeline, TAB, token('1', T));
    addTabMark(timeline, TAB, call('2', T + 100));
    timeline.closeLane('a', T + 1_000);
    const { bars, points, isGone } = laneOf(timeline, 'a');
    expect([isGone, ...[...bars, ...points].map(({ to }) => to)]).toEqual([true, T + 1_000, T + 1_000]);
  });

  test('the oldest marks are dropped, and the newest are found under the pointer', () => {
    const timeline = createTimeline();
    for (let index = 0; index < 10_000; index++)
      addTabMark(timeline, TAB, call(String(index), T + index, { end: T + index, outcome: 'answered' }));
    const { points } = laneOf(timeline, 'a');
    expect(points.length).toBeLessThanOrEqual(6_000);
    expect(timeline.find('a/0')).toBeUndefined();
    const view = { places: layOut(timeline.lanes(), { isNarrow: false, start: T }), now: T + 10_000 };
    const scale = createTimeScale({ span: 10_000, end: T + 11_000 }, 1_000, T);
    const [place] = view.places;
    const y = (place?.top ?? 0) + (place?.points ?? 0);
    expect(markAt({ ...view, scale }, { x: scale.x(T + 9_999), y })?.id).toBe('a/9999');
  });
});

describe('the server', () => {
  const view = (generation: number, more: Partial<SessionView> = {}): SessionView => ({
    generation,
    acknowledged: 0,
    graceUntil: null,
    rotatedAt: T,
    expiresAt: T + 1e6,
    revokedAt: null,
    revokedReason: null,
    ...more,
  });

  test('its times are converted to this clock, and each generation ends where the next begins', () => {
    const timeline = createTimeline();
    const scribe = createServerScribe(timeline, 's');
    const tell = (number: string, session: SessionView, at: number) =>
      scribe({ number, offset: 50, event: { type: 'session', session, at } });
    tell('1', view(0), T);
    tell('2', view(1, { rotatedAt: T + 2_000, graceUntil: T + 5_000 }), T + 2_100);
    tell('3', view(1, { rotatedAt: T + 2_000, graceUntil: T + 5_000, acknowledged: 1 }), T + 3_000);
    tell('4', view(1, { rotatedAt: T + 2_000, revokedAt: T + 9_000, revokedReason: 'reuse' }), T + 9_000);
    const { bars, points } = laneOf(timeline, 'server');
    expect(bars.map(({ from, to }) => [from, to])).toEqual([
      [T - 50, T + 1_950],
      [T + 1_950, T + 8_950],
    ]);
    expect(bars[1]?.what).toMatchObject({ number: 1, acknowledgedAt: T + 2_950 });
    expect(points.map(({ what }) => what)).toEqual([{ kind: 'revoked', reason: 'reuse' }]);
  });

  test('a thief’s copy lasts until it is used', () => {
    const timeline = createTimeline();
    const scribe = createServerScribe(timeline, 's');
    const tell = (number: string, thief: Partial<ThiefView>, at: number) =>
      scribe({
        number,
        offset: 0,
        event: {
          type: 'thief',
          at,
          thief: { generation: 3, phase: 'holding', strikesAt: null, reason: null, ...thief },
        },
      });
    tell('1', {}, T);
    tell('2', { phase: 'waiting', strikesAt: T + 4_000 }, T + 1_000);
    tell('3', { phase: 'refused', reason: 'REFRESH_REUSED' }, T + 4_000);
    const { bars, points } = laneOf(timeline, 'thief');
    expect(bars.map(({ from, to }) => [from, to])).toEqual([[T, T + 4_000]]);
    const [strike] = points;
    if (!strike) throw new Error('no strike');
    expect(explain(strike, T + 5_000)).toMatch(/^Caught: the thief presented generation 3/);
  });
});

test('every mark is explained in one sentence', () => {
  const timeline = createTimeline();
  const marks: TabMark[] = [
    token('1', T),
    call('2', T, { end: T + 20, outcome: 'answered' }),
    call('3', T, { tries: 0 }),
    call('4', T, { tries: 2, refusedAt: T + 5, end: T + 20, outcome: 'answered' }),
    call('5', T, { end: T + 20, outcome: 'refused', reason: 'NOT_FOUND' }),
    call('6', T, { end: T + 20, outcome: 'unanswered' }),
    call('7', T, { isStream: true, tries: 3 }),
    { id: '8', kind: 'refresh', at: T, cause: 'ahead', end: T + 9, outcome: 'answered', replayed: true },
    { id: '9', kind: 'sign-in', at: T, end: T + 9, outcome: 'refused', reason: 'INVALID_CREDENTIALS' },
    { id: '10', kind: 'status', at: T, status: 'unreachable' },
    { id: '11', kind: 'status', at: T, status: 'ended', reason: 'SESSION_REVOKED' },
  ];
  for (const mark of marks) addTabMark(timeline, TAB, mark);
  const { bars, points } = laneOf(timeline, 'a');
  const sentences = [...bars, ...points].map((mark) => explain(mark, T + 1_000));
  expect(sentences).toHaveLength(marks.length);
  expect(new Set(sentences).size).toBe(marks.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\.$/);
});
