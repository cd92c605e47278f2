import { describe, expect, it } from 'vitest';
import { median, quantile } from './statistics.js';

describe('median and quantile', () => {
  it('take the middle value in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  it('interpolate between neighbours', () => {
    expect(quantile([0, 10, 20, 30, 40], 0.25)).toBe(10);
    expect(quantile([0, 10], 0.75)).toBe(7.5);
  });

  it('throw if there are no values', () => {
    expect(() => median([])).toThrow('no values');
  });
});
