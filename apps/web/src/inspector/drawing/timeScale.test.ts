import { describe, expect, test } from 'vitest';
import { createTimeScale, FUTURE, LONGEST_SPAN, SHORTEST_SPAN, ticks, zoom } from './timeScale.js';

const NOW = 1_800_000_000_000;

describe('the time axis', () => {
  test('moves with time, and leaves room for what is to come', () => {
    const scale = createTimeScale({ span: 10_000 }, 500, NOW);
    expect(scale.x(NOW)).toBeCloseTo(500 * (1 - FUTURE));
    expect(scale.time(scale.x(NOW - 1_234))).toBeCloseTo(NOW - 1_234);
  });

  test('stands still while paused', () => {
    const view = { span: 10_000, end: NOW };
    expect(createTimeScale(view, 500, NOW).start).toBe(createTimeScale(view, 500, NOW + 60_000).start);
  });

  test('keeps the moment that is zoomed around in its place', () => {
    const view = { span: 10_000, end: NOW };
    const around = NOW - 2_500;
    const before = createTimeScale(view, 500, NOW).x(around);
    for (const factor of [0.5, 0.9, 1.5]) {
      const after = createTimeScale(zoom(view, factor, around), 500, NOW);
      expect(after.x(around)).toBeCloseTo(before);
    }
  });

  test('zooms within limits', () => {
    expect(zoom({ span: SHORTEST_SPAN }, 0.5).span).toBe(SHORTEST_SPAN);
    expect(zoom({ span: LONGEST_SPAN, end: NOW }, 2).span).toBe(LONGEST_SPAN);
  });

  test('marks round moments, at least as far apart as asked', () => {
    for (const span of [2_000, 30_000, 600_000]) {
      const scale = createTimeScale({ span, end: NOW }, 600, NOW);
      const moments = ticks(scale, 600, 90);
      expect(moments.length).toBeGreaterThan(1);
      const [first = 0, second = 0] = moments;
      expect(scale.x(second) - scale.x(first)).toBeGreaterThanOrEqual(90);
      expect(first % 500).toBe(0);
    }
  });
});
