import { Agent } from 'node:http';
import type { MeasuredProcess } from './childProcess.js';
import { type Caller, runLoad } from './load.js';

/** A server that is compared with others. */
export interface Subject {
  readonly name: string;
  /** The server's origin. */
  readonly origin: string;
  readonly callers: readonly Caller[];
  /** The processes whose processor time counts. */
  readonly processes: readonly MeasuredProcess[];
}

export interface RoundOptions {
  readonly rounds: number;
  /** Requests to each subject in each round. */
  readonly requests: number;
  /** Requests to each subject before the first round, while the just-in-time compiler still works. */
  readonly warmUp: number;
  /** Receives a line about each step. */
  readonly progress: (message: string) => void;
}

interface Sample {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
}

/** The measurements of one subject, one for each round. */
export interface Samples {
  readonly name: string;
  readonly rounds: readonly Sample[];
}

/**
 * Measures the subjects one after the other, round after round, in changing order. A disturbance of a round affects all
 * subjects, so the ratios within rounds are steadier than the figures.
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

/** Changes the order with the round: every subject comes first equally often, and after either neighbour equally often. */
function ordered<T>(values: readonly T[], round: number): T[] {
  const start = round % values.length;
  const rotated = [...values.slice(start), ...values.slice(0, start)];
  return Math.floor(round / values.length) % 2 === 0 ? rotated : rotated.reverse();
}
