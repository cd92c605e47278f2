import { median, quantile } from './statistics.js';

/**
 * Whether a goal is reached. `undecided` is no failure: the sample is too small or too noisy, and
 * {@link Judgement.remedy} says what would decide it.
 */
export type Verdict = 'met' | 'missed' | 'undecided';

/** What a sample of paired ratios says about a goal. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The least median that meets the goal. */
  readonly atLeast: number;
  /** The number of rounds. Each gives one ratio of two measurements. */
  readonly rounds: number;
  readonly median: number;
  readonly quartiles: readonly [number, number];
  /** The distance of the quartiles, as a share of the median. */
  readonly spread: number;
  /** Where the true median lies with a probability of about 95 %. */
  readonly interval: readonly [number, number];
  readonly minRounds: number;
  readonly maxSpread: number;
  /** What would decide the goal, if it is undecided. */
  readonly remedy?: string;
}

/** The fewest rounds on which a verdict is given. */
export const MIN_ROUNDS = 30;

/** The largest spread of the quartiles at which a verdict is given. */
export const MAX_SPREAD = 0.2;

/** The notch of a box plot (McGill, Tukey, Larsen 1978): this factor × distance of the quartiles / √rounds. */
const NOTCH = 1.57;

export interface Goal {
  readonly atLeast: number;
  /** @default MIN_ROUNDS */
  readonly minRounds?: number;
  /** @default MAX_SPREAD */
  readonly maxSpread?: number;
}

/** Judges paired ratios, one for each round. The goal is met or missed only if the whole interval is on one side of it. */
export function judge(ratios: readonly number[], goal: Goal): Judgement {
  const { atLeast, minRounds = MIN_ROUNDS, maxSpread = MAX_SPREAD } = goal;
  const rounds = ratios.length;
  const middle = median(ratios);
  const quartiles = [quantile(ratios, 0.25), quantile(ratios, 0.75)] as const;
  const distance = quartiles[1] - quartiles[0];
  const notch = (NOTCH * distance) / Math.sqrt(rounds);
  const interval = [middle - notch, middle + notch] as const;
  const spread = distance / middle;
  const found = { atLeast, rounds, median: middle, quartiles, spread, interval, minRounds, maxSpread };
  if (rounds < minRounds) return { ...found, verdict: 'undecided', remedy: `${minRounds} rounds or more` };
  if (spread > maxSpread) {
    const remedy = `a machine with less other work, or more --requests: the quartiles are ${percent(spread)} apart, at most ${percent(maxSpread)} are allowed`;
    return { ...found, verdict: 'undecided', remedy };
  }
  if (interval[0] >= atLeast) return { ...found, verdict: 'met' };
  if (interval[1] < atLeast) return { ...found, verdict: 'missed' };
  return { ...found, verdict: 'undecided', remedy: moreRounds(found) };
}

/** Judges a count, which does not vary. */
export function judgeExactly(ratio: number, atLeast: number): Judgement {
  return {
    verdict: ratio >= atLeast ? 'met' : 'missed',
    atLeast,
    rounds: 1,
    median: ratio,
    quartiles: [ratio, ratio],
    spread: 0,
    interval: [ratio, ratio],
    minRounds: 1,
    maxSpread: 0,
  };
}

/** The interval narrows with the root of the number of rounds. */
function moreRounds({
  rounds,
  median: middle,
  atLeast,
  interval,
}: Pick<Judgement, 'rounds' | 'median' | 'atLeast' | 'interval'>) {
  const distance = Math.abs(middle - atLeast);
  if (distance === 0) return 'more rounds';
  const needed = Math.ceil(rounds * ((interval[1] - middle) / distance) ** 2);
  return `about ${Math.max(needed, rounds + 1).toLocaleString('en')} rounds, if the median stays`;
}

function percent(share: number) {
  return `${(share * 100).toFixed(0)} %`;
}
