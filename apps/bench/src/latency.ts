import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller, call } from './load.js';
import type { CountTable } from './scenario.js';
import { median, quantile } from './statistics.js';

/** Response times, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** The response times of one server, without other load and during a storm. */
export interface LatencyRow {
  readonly name: string;
  /** Over all rounds. */
  readonly idle: Latency;
  readonly storm: Latency;
  /** The idle p99 over the storm's, for each round: 1 = not slower, 0.5 = twice as slow. */
  readonly p99Ratios: readonly number[];
  readonly signInsPerSecond: number;
  readonly refusedPerSecond: number;
}

/** The measurements of one server in one round. */
export interface LatencyRound {
  readonly idleMs: readonly number[];
  readonly stormMs: readonly number[];
  readonly signIns: number;
  readonly refused: number;
  readonly stormSeconds: number;
}

const INTERVAL_MS = 10;

/**
 * Sends that many requests, one every 10 ms, without waiting for responses: a slow server gets as many as a fast one.
 *
 * @returns the response time of each, in milliseconds
 */
export async function probe(options: {
  origin: string;
  caller: Caller;
  requests: number;
}): Promise<number[]> {
  const { origin, caller, requests } = options;
  const agent = new Agent({ keepAlive: true });
  const timed = async () => {
    const startedAt = performance.now();
    await call(origin, caller.next(), agent);
    return performance.now() - startedAt;
  };
  const answers: Promise<number>[] = [];
  const begin = performance.now();
  for (let sent = 0; sent < requests; sent++) {
    const wait = begin + sent * INTERVAL_MS - performance.now();
    if (wait > 0) await sleep(wait);
    answers.push(timed());
  }
  const latencies = await Promise.all(answers);
  agent.destroy();
  return latencies;
}

/** Sums up the rounds of one server. */
export function toLatencyRow(name: string, rounds: readonly LatencyRound[]): LatencyRow {
  const ratios = rounds.map(({ idleMs, stormMs }) => quantile(idleMs, 0.99) / quantile(stormMs, 0.99));
  const seconds = rounds.reduce((sum, { stormSeconds }) => sum + stormSeconds, 0);
  return {
    name,
    idle: latencyOf(rounds.flatMap(({ idleMs }) => idleMs)),
    storm: latencyOf(rounds.flatMap(({ stormMs }) => stormMs)),
    p99Ratios: ratios,
    signInsPerSecond: rounds.reduce((sum, { signIns }) => sum + signIns, 0) / seconds,
    refusedPerSecond: rounds.reduce((sum, { refused }) => sum + refused, 0) / seconds,
  };
}

function latencyOf(values: readonly number[]): Latency {
  return {
    p50: median(values),
    p99: quantile(values, 0.99),
  };
}

/** Compares servers: milliseconds, and the median of {@link LatencyRow.p99Ratios}. */
export function latencyTable(title: string, rows: readonly LatencyRow[]): CountTable {
  const cells = rows.map((row) => ({
    server: row.name,
    'idle p50': rounded(row.idle.p50),
    'idle p99': rounded(row.idle.p99),
    'storm p50': rounded(row.storm.p50),
    'storm p99': rounded(row.storm.p99),
    'p99 ratio': rounded(median(row.p99Ratios)),
    '(quartiles)': [0.25, 0.75].map((share) => quantile(row.p99Ratios, share).toFixed(2)).join('–'),
    'sign-ins/s': rounded(row.signInsPerSecond),
    'refused/s': rounded(row.refusedPerSecond),
  }));
  return { title, columns: Object.keys(cells[0] ?? {}), rows: cells };
}

function rounded(value: number) {
  return Number(value.toFixed(2));
}
