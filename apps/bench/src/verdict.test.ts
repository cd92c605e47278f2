import { describe, expect, it } from 'vitest';
import { judge, judgeExactly, MAX_SPREAD, MIN_ROUNDS } from './verdict.js';

/** Ratios that lie evenly between two values. */
function between(low: number, high: number, rounds = MIN_ROUNDS) {
  return Array.from({ length: rounds }, (_, round) => low + ((high - low) * round) / (rounds - 1));
}

describe('judge', () => {
  it('finds a goal met if the whole interval of the median reaches it', () => {
    expect(judge(between(0.98, 1.02), { atLeast: 0.97 })).toMatchObject({
      verdict: 'met',
      rounds: MIN_ROUNDS,
    });
    expect(judge(between(1, 1), { atLeast: 1 }).verdict).toBe('met');
  });

  it('finds a goal missed if the whole interval of the median lies below it', () => {
    expect(judge(between(0.9, 0.94), { atLeast: 0.97 }).verdict).toBe('missed');
  });

  it('tells the sample size, the quartiles, the spread and the limits', () => {
    const judgement = judge(between(0.9, 1.1, 41), { atLeast: 0.5 });
    expect(judgement).toMatchObject({ rounds: 41, minRounds: MIN_ROUNDS, maxSpread: MAX_SPREAD });
    expect(judgement.median).toBeCloseTo(1);
    expect(judgement.quartiles[0]).toBeCloseTo(0.95);
    expect(judgement.quartiles[1]).toBeCloseTo(1.05);
    expect(judgement.spread).toBeCloseTo(0.1);
    expect(judgement.interval[0]).toBeCloseTo(1 - 0.157 / Math.sqrt(41));
  });

  it('does not decide below the number of rounds, however clear the ratios are', () => {
    for (const ratio of [0.1, 5])
      expect(judge(between(ratio, ratio, MIN_ROUNDS - 1), { atLeast: 0.97 })).toMatchObject({
        verdict: 'undecided',
        remedy: '30 rounds or more',
      });
  });

  it('does not decide above the spread, however clear the ratios are', () => {
    const wide = judge(between(1, 2, 1_000), { atLeast: 0.5 });
    expect(wide.spread).toBeGreaterThan(MAX_SPREAD);
    expect(wide).toMatchObject({ verdict: 'undecided', remedy: expect.stringContaining('at most 20 %') });
    expect(judge(between(1, 2, 1_000), { atLeast: 0.5, maxSpread: 0.5 }).verdict).toBe('met');
  });

  it('does not decide while the interval holds the goal, and says how many rounds would decide', () => {
    const close = judge(between(0.9, 1.06), { atLeast: 0.97 });
    expect(close.median).toBeCloseTo(0.98);
    expect(close).toMatchObject({ verdict: 'undecided', remedy: expect.stringMatching(/^about \d+ rounds/) });
    const needed = Number(/\d+/.exec(close.remedy ?? '')?.[0]);
    expect(judge(between(0.9, 1.06, needed + 10), { atLeast: 0.97 }).verdict).toBe('met');
  });

  it('does not decide on the goal itself', () => {
    expect(judge(between(0.96, 0.98, 31), { atLeast: 0.97 }).verdict).toBe('undecided');
  });

  it('does not depend on the order of the rounds', () => {
    const ratios = between(0.9, 1.1);
    expect(judge(ratios.toReversed(), { atLeast: 0.9 })).toEqual(judge(ratios, { atLeast: 0.9 }));
  });
});

describe('judgeExactly', () => {
  it('decides on a single count', () => {
    expect(judgeExactly(0.99, 0.95)).toMatchObject({ verdict: 'met', rounds: 1, spread: 0 });
    expect(judgeExactly(0.94, 0.95).verdict).toBe('missed');
  });
});
