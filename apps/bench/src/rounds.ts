import { Agent } from 'node:http';
import type { MeasuredProcess } from './childProcess.js';
import { type Caller, runLoad } from './load.js';
import { median, quantile } from './statistics.js';

/** One of the things that are compared. */
export interface Subject {
  readonly name: string;
  /** The server's origin. */
  readonly origin: string;
  readonly callers: readonly Caller[];
  /** The processes whose processor time counts. */
  readonly processes: readonly MeasuredProcess[];
}

/** How long to measure. */
export interface RoundOptions {
  readonly rounds: number;
  /** Requests to each subject in each round. */
  readonly requests: number;
  /** Requests to each subject before the first round, while the just-in-time compiler is still at work. */
  readonly warmUp: number;
  /** Tells how far the run is. */
  readonly progress: (message: string) => void;
}

/** What one subject cost; medians over the rounds. */
export interface Row {
  readonly name: string;
  /** Microseconds of processor time per request. */
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  /** The first subject's processor time over this one's, in the same round: 1 = as cheap, 0.5 = twice the cost. */
  readonly cpuRatio: number;
  /** The quartiles of that ratio. */
  readonly cpuRatioQuartiles: readonly [number, number];
  /** This subject's throughput over the first one's, in the same round. */
  readonly throughputRatio: number;
}

interface Sample {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
}

/** What was seen of one subject, round by round. */
export interface Samples {
  readonly name: string;
  readonly rounds: readonly Sample[];
}

/**
 * Measures the subjects in turn, round after round, each round in another order. What disturbs a round
 * disturbs all of them, so the ratios within rounds are steadier than any figure of its own.
 */
export async function sampleRounds(
  subjects: readonly Subject[],
  options: RoundOptions,
): Promise<readonly Samples[]> {
  const agent = new Agent({ keepAlive: true });
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]));
  options.progress('warming up');
  for (const { origin, callers } of subjects) {
    await runLoad({ origin, callers, agent, requests: options.warmUp });
  }
  for (let round = 1; round <= options.rounds; round++) {
    options.progress(`round ${round} of ${options.rounds}`);
    for (const subject of ordered(subjects, round)) {
      samples.get(subject)?.push(await measure(subject, { agent, requests: options.requests }));
    }
  }
  agent.destroy();
  return [...samples].map(([{ name }, rounds]) => ({ name, rounds }));
}

/** Every subject beside the first one. */
export function toRows(samples: readonly Samples[]): Row[] {
  const [baseline] = samples;
  return samples.map(({ name, rounds }) => toRow(name, rounds, baseline?.rounds ?? []));
}

async function measure(
  { origin, callers, processes }: Subject,
  { agent, requests }: { agent: Agent; requests: number },
): Promise<Sample> {
  const cpuTime = async () => {
    const times = await Promise.all(processes.map((each) => each.cpuTime()));
    return times.reduce((sum, time) => sum + time, 0);
  };
  const before = await cpuTime();
  const milliseconds = await runLoad({ origin, callers, agent, requests });
  return {
    cpuMicroseconds: ((await cpuTime()) - before) / requests,
    requestsPerSecond: requests / (milliseconds / 1000),
  };
}

function toRow(name: string, own: readonly Sample[], baseline: readonly Sample[]): Row {
  const ratios = own.flatMap((sample, round) => {
    const base = baseline[round];
    if (base === undefined) return [];
    const throughput = sample.requestsPerSecond / base.requestsPerSecond;
    return [{ cpu: base.cpuMicroseconds / sample.cpuMicroseconds, throughput }];
  });
  const cpuRatios = ratios.map(({ cpu }) => cpu);
  return {
    name,
    cpuMicroseconds: median(own.map((sample) => sample.cpuMicroseconds)),
    requestsPerSecond: median(own.map((sample) => sample.requestsPerSecond)),
    cpuRatio: median(cpuRatios),
    cpuRatioQuartiles: [quantile(cpuRatios, 0.25), quantile(cpuRatios, 0.75)],
    throughputRatio: median(ratios.map(({ throughput }) => throughput)),
  };
}

/** Another order for every round: each comes first as often as any other, and after one neighbour as often as after the other. */
function ordered<T>(values: readonly T[], round: number): T[] {
  const start = round % values.length;
  const rotated = [...values.slice(start), ...values.slice(0, start)];
  return Math.floor(round / values.length) % 2 === 0 ? rotated : rotated.reverse();
}
