import type { Samples } from './rounds.js';
import type { Finding, Table } from './scenario.js';
import { median, quantile } from './statistics.js';
import { type Goal, judge } from './verdict.js';

/** What one subject cost: medians over the rounds. */
export interface Row {
  readonly name: string;
  /** Microseconds of processor time per request. */
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  /** The processor time of the first subject over this one's, in the same round: 1 = as cheap, 0.5 = twice the cost. */
  readonly cpuRatio: number;
  readonly cpuRatioQuartiles: readonly [number, number];
  /** The throughput of this subject over the first one's, in the same round. */
  readonly throughputRatio: number;
  readonly rounds: number;
}

/** Compares every subject with the first one. */
export function toTable(title: string, samples: readonly Samples[]): Table {
  const [baseline] = samples;
  if (baseline === undefined) throw new Error(`Nothing was measured for ${title}.`);
  return { title, rows: samples.map((own) => toRow(own, baseline)) };
}

/** Judges the processor time of one subject against another one's. */
export function judgeCpu(
  samples: readonly Samples[],
  { title, name, reference, ...goal }: Goal & { title: string; name: string; reference: string },
): Finding {
  const find = (wanted: string) => {
    const found = samples.find((each) => each.name === wanted);
    if (found === undefined) throw new Error(`${title} has no row ${wanted}.`);
    return found;
  };
  return {
    name: `${title}: ${name} beside ${reference}`,
    ...judge(cpuRatios(find(name), find(reference)), goal),
  };
}

function toRow(own: Samples, baseline: Samples): Row {
  const ratios = cpuRatios(own, baseline);
  const throughput = own.rounds.map(
    ({ requestsPerSecond }, round) =>
      requestsPerSecond / (baseline.rounds[round]?.requestsPerSecond ?? Number.NaN),
  );
  return {
    name: own.name,
    cpuMicroseconds: median(own.rounds.map((sample) => sample.cpuMicroseconds)),
    requestsPerSecond: median(own.rounds.map((sample) => sample.requestsPerSecond)),
    cpuRatio: median(ratios),
    cpuRatioQuartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    throughputRatio: median(throughput),
    rounds: own.rounds.length,
  };
}

/** The reference's processor time over the subject's, round by round. */
function cpuRatios({ rounds }: Samples, reference: Samples): number[] {
  return rounds.map(
    ({ cpuMicroseconds }, round) =>
      (reference.rounds[round]?.cpuMicroseconds ?? Number.NaN) / cpuMicroseconds,
  );
}
