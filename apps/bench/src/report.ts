import type { CountTable, Finding, ScenarioResult, Table } from './scenario.js';

/** Formats the result of a scenario as text. */
export function toText({ tables, goals }: ScenarioResult): string {
  return [...tables.map(tableText), goals.map(findingText).join('\n')].join('\n\n');
}

function findingText({ name, verdict, median, quartiles, rounds, atLeast, remedy }: Finding): string {
  const shown = verdict === 'missed' ? 'MISSED' : verdict;
  const sample = rounds === 1 ? 'a count' : `quartiles ${quartileText(quartiles)}, ${rounds} rounds`;
  const text = `${shown}: ${name} ${median.toFixed(3)} (${sample}), goal ≥ ${atLeast.toFixed(2)}`;
  return remedy === undefined ? text : `${text}; to decide it: ${remedy}`;
}

function quartileText(quartiles: readonly number[]): string {
  return quartiles.map((ratio) => ratio.toFixed(3)).join('–');
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
      quartileText(row.cpuRatioQuartiles),
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
