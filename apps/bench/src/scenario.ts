import type { RoundOptions } from './rounds.js';
import type { Row } from './rows.js';
import type { Judgement } from './verdict.js';

/** The settings of a run. */
export interface ScenarioOptions extends RoundOptions {
  /** Sessions in the larger collection of the `sessions` scenario. */
  readonly sessions: number;
  /** People who sign in at once in the `login-storm` scenario. */
  readonly people: number;
  /**
   * How often every server is restarted. Two processes that run the same program differ in speed by a tenth for as long
   * as they live: rounds alone do not average that out.
   */
  readonly launches: number;
  /** Part of the names of the servers to compare. Undefined for all. */
  readonly only?: string | undefined;
}

/** Rows that are compared with the first of them. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Figures that are reported as they are. Each row has one for every column. */
export interface CountTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** A goal and the judgement on it. */
export interface Finding extends Judgement {
  readonly name: string;
}

export interface ScenarioResult {
  readonly tables: readonly (Table | CountTable)[];
  readonly goals: readonly Finding[];
}

/** A question and the way to measure its answer. */
export interface Scenario {
  /** What it measures, in one line. */
  readonly summary: string;
  run(options: ScenarioOptions): Promise<ScenarioResult>;
}
