/** The options of a run. */
export interface ChaosOptions {
  /** The duration of the faults, in seconds. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
}

/** All that is fixed before a run. Times are in milliseconds from the first fault. */
export interface ChaosPlan extends ChaosOptions {
  /** Server processes. */
  readonly servers: number;
  /** The least and the longest pause between two actions of a client. */
  readonly pause: readonly [number, number];
  readonly accessLifeMs: number;
  readonly graceMs: number;
  /** The longest delay of a request, and of its answer. */
  readonly maxDelayMs: number;
  /** When the database is copied. */
  readonly copyAt: number;
  /** When the copy replaces the database. */
  readonly restoreAt: number;
  /** The least and the longest pause between two kills of a server process. */
  readonly nodeKillEvery: readonly [number, number];
  /** The least and the longest pause between two kills of the database. */
  readonly databaseKillEvery: readonly [number, number];
  /** The error of the last server's clock. */
  readonly clockSkewMs: number;
  /** Thefts before the restore, and as many after it. */
  readonly theftsPerWave: number;
}

const SECOND = 1_000;

/**
 * Plans a run. It is planned in seconds, because its limits are times: the grace period follows from the age of the copy (a
 * session rotates at most once in a grace period, and a server accepts a token that is up to 8 generations ahead of a
 * restored database). The delays follow from the grace period: no request may take longer, even if it waits 2 s for the
 * database.
 */
export function planChaos(options: ChaosOptions): ChaosPlan {
  const copyAt = options.seconds * 0.2 * SECOND;
  const restoreAt = options.seconds * 0.55 * SECOND;
  const graceMs = Math.max(6, Math.ceil((restoreAt - copyAt) / SECOND / 6)) * SECOND;
  const isShort = options.seconds < 90;
  return {
    ...options,
    servers: 3,
    pause: [2 * SECOND, 6 * SECOND],
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
