import type { RoundOptions, Row } from './rounds.js';

/** What may be set of a run. */
export interface ScenarioOptions extends RoundOptions {
  /** Sessions in the larger collection of the `sessions` scenario. */
  readonly sessions: number;
  /**
   * How often every server is started anew. Two processes that run the same program differ in speed by a
   * tenth and stay so until they end: rounds alone do not average that out.
   */
  readonly launches: number;
  /** A part of the names of those that are compared with the first one; all unless given. */
  readonly only?: string | undefined;
}

/** Rows that are compared with the first of them. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Figures of another kind, told as they are: each row has one for every column. */
export interface CountTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** What is hoped for, and whether it was found. */
export interface Goal {
  readonly name: string;
  readonly atLeast: number;
  readonly measured: number;
  readonly met: boolean;
  /** Whether the quartiles lie on one side of the goal; if not, the machine was too busy to tell. */
  readonly clear: boolean;
}

/** What a scenario found. */
export interface ScenarioResult {
  readonly tables: readonly (Table | CountTable)[];
  readonly goals: readonly Goal[];
}

/** One question and the way to measure its answer. */
export interface Scenario {
  /** What it measures, in one line. */
  readonly summary: string;
  run(options: ScenarioOptions): Promise<ScenarioResult>;
}

/** Judges the processor time ratio of one row of a table. */
export function goal(table: Table, name: string, atLeast: number): Goal {
  const row = table.rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`${table.title} has no row ${name}.`);
  const { cpuRatio: measured, cpuRatioQuartiles: quartiles } = row;
  return verdict({ name: `${table.title}: ${name}`, atLeast, measured, quartiles });
}

/** Judges a ratio by its median and quartiles. */
export function verdict(found: {
  name: string;
  atLeast: number;
  measured: number;
  quartiles: readonly [number, number];
}): Goal {
  const { name, atLeast, measured, quartiles } = found;
  const [low, high] = quartiles;
  return {
    name,
    atLeast,
    measured,
    met: measured >= atLeast,
    clear: low >= atLeast || high < atLeast,
  };
}
