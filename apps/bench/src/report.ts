import type { CountTable, ScenarioResult, Table } from './scenario.js';

/** A scenario's findings as text, for people. */
export function toText({ tables, goals }: ScenarioResult): string {
  const verdicts = goals.map(
    ({ name, atLeast, measured, met, clear }) =>
      `${clear ? (met ? 'met' : 'MISSED') : 'UNCLEAR'}: ${name} ${measured.toFixed(3)}, goal ≥ ${atLeast.toFixed(2)}`,
  );
  return [...tables.map(tableText), verdicts.join('\n')].join('\n\n');
}

const HEADINGS = ['CPU µs/request', 'CPU ratio', '(quartiles)', 'requests/s', 'throughput ratio'];

function tableText(table: Table | CountTable): string {
  return aligned('columns' in table ? countCells(table) : ratioCells(table));
}

function countCells({ title, columns, rows }: CountTable) {
  return [
    [title, ...columns.slice(1)],
    ...rows.map((row) =>
      columns.map((column) => {
        const value = row[column] ?? '';
        return typeof value === 'number' ? value.toLocaleString('en') : value;
      }),
    ),
  ];
}

function ratioCells({ title, rows }: Table) {
  return [
    [title, ...HEADINGS],
    ...rows.map((row) => [
      row.name,
      row.cpuMicroseconds.toFixed(0),
      row.cpuRatio.toFixed(3),
      row.cpuRatioQuartiles.map((ratio) => ratio.toFixed(3)).join('–'),
      row.requestsPerSecond.toFixed(0),
      row.throughputRatio.toFixed(3),
    ]),
  ];
}

/** Names to the left, figures to the right. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
