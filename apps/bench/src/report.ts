import type { LatencyTable } from './latency.js';
import type { ScenarioResult, Table } from './scenario.js';

/** A scenario's findings as text, for people. */
export function toText({ tables, latencies = [], goals }: ScenarioResult): string {
  const verdicts = goals.map(
    ({ name, atLeast, measured, met, clear }) =>
      `${clear ? (met ? 'met' : 'MISSED') : 'UNCLEAR'}: ${name} ${measured.toFixed(3)}, goal ≥ ${atLeast.toFixed(2)}`,
  );
  return [...tables.map(tableText), ...latencies.map(latencyText), verdicts.join('\n')].join('\n\n');
}

const HEADINGS = ['', 'CPU µs/request', 'CPU ratio', '(quartiles)', 'requests/s', 'throughput ratio'];

function tableText({ title, rows }: Table): string {
  const cells = rows.map((row) => [
    row.name,
    row.cpuMicroseconds.toFixed(0),
    row.cpuRatio.toFixed(3),
    row.cpuRatioQuartiles.map((ratio) => ratio.toFixed(3)).join('–'),
    row.requestsPerSecond.toFixed(0),
    row.throughputRatio.toFixed(3),
  ]);
  return aligned([[title, ...HEADINGS.slice(1)], ...cells]);
}

const LATENCY_HEADINGS = [
  ...['idle p50 ms', 'p99', 'storm p50 ms', 'p99'],
  ...['p99 ratio', '(quartiles)', 'sign-ins/s', 'refused/s'],
];

function latencyText({ title, rows }: LatencyTable): string {
  const cells = rows.map((row) => [
    row.name,
    ...[row.idle.p50, row.idle.p99, row.storm.p50, row.storm.p99].map((value) => value.toFixed(2)),
    row.p99Ratio.toFixed(3),
    row.p99RatioQuartiles.map((ratio) => ratio.toFixed(3)).join('–'),
    row.signInsPerSecond.toFixed(1),
    row.refusedPerSecond.toFixed(1),
  ]);
  return aligned([[title, ...LATENCY_HEADINGS], ...cells]);
}

function aligned(all: readonly (readonly string[])[]): string {
  const [headings = []] = all;
  const widths = headings.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
