/** What may be asked of a run. */
export interface ChaosOptions {
  /** How long faults happen, in seconds. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
}

/** Everything about a run that is fixed beforehand; times in milliseconds from the first fault. */
export interface ChaosPlan extends ChaosOptions {
  readonly accessLifeMs: number;
  readonly graceMs: number;
  /** The longest that the network holds back a request, and again its answer. */
  readonly maxDelayMs: number;
  /** When the database is copied. */
  readonly copyAt: number;
  /** When the copy takes the database's place. */
  readonly restoreAt: number;
  /** Pause between two kills of a server process: least and most. */
  readonly nodeKillEvery: readonly [number, number];
  /** Pause between two kills of the database: least and most. */
  readonly databaseKillEvery: readonly [number, number];
  /** How far the last node's clock is off. */
  readonly clockSkewMs: number;
  /** Thefts before the restore, and as many after it. */
  readonly theftsPerWave: number;
}

const SECOND = 1_000;

/**
 * Lays out a run. The grace period follows from the age of the copy: a session rotates at most once in it, and a
 * restored database is believed only up to 8 generations behind. The delays follow from the grace period, which a
 * request must not outlive even when it also waits 2 s for the database.
 */
export function planChaos(options: ChaosOptions): ChaosPlan {
  const copyAt = options.seconds * 0.2 * SECOND;
  const restoreAt = options.seconds * 0.55 * SECOND;
  const graceMs = Math.max(6, Math.ceil((restoreAt - copyAt) / SECOND / 6)) * SECOND;
  const isShort = options.seconds < 90;
  return {
    ...options,
    accessLifeMs: 2 * SECOND,
    graceMs,
    maxDelayMs: (graceMs - 2.5 * SECOND) / 3,
    copyAt,
    restoreAt,
    nodeKillEvery: isShort ? [1.5 * SECOND, 4 * SECOND] : [2 * SECOND, 6 * SECOND],
    databaseKillEvery: isShort ? [5 * SECOND, 8 * SECOND] : [12 * SECOND, 25 * SECOND],
    clockSkewMs: 30 * SECOND,
    theftsPerWave: isShort ? 2 : 6,
  };
}
