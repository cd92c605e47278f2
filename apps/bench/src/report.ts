import type { ScenarioResult, Table } from './scenario.js';

/** A scenario's findings as text, for people. */
export function toText({ tables, goals }: ScenarioResult): string {
  const verdicts = goals.map(
    ({ name, atLeast, measured, met, clear }) =>
      `${clear ? (met ? 'met' : 'MISSED') : 'UNCLEAR'}: ${name} ${measured.toFixed(3)}, goal ≥ ${atLeast.toFixed(2)}`,
  );
  return [...tables.map(tableText), verdicts.join('\n')].join('\n\n');
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
  const all = [[title, ...HEADINGS.slice(1)], ...cells];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
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
