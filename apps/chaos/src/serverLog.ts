/** What the server processes logged, summed up. */
export interface ServerLog {
  read(line: string): void;
  /** How often a security event happened, by its name. */
  readonly events: ReadonlyMap<string, number>;
  /** Faults that no outage explains, each kind with its number. */
  readonly faults: ReadonlyMap<string, number>;
}

/** Creates a {@link ServerLog}. */
export function createServerLog(): ServerLog {
  const events = new Map<string, number>();
  const faults = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    events,
    faults,
    read(line) {
      // Most lines tell of requests and refusals.
      if (!/^\{"level":"(error|fatal)"|"event":\{/.test(line)) return;
      const { level, msg, code, event, err } = JSON.parse(line);
      if (event?.type) count(events, event.type);
      // A request's own line repeats what its procedure's line says.
      if ((level !== 'error' && level !== 'fatal') || msg === 'request') return;
      const isOutage = code === undefined ? isLostDatabase(err) : code === 'SERVICE_UNAVAILABLE';
      if (!isOutage) count(faults, `${msg}: ${err?.type}: ${err?.message}`);
    },
  };
}

/** Whether an error of a background task says that the database is away. */
function isLostDatabase(err: { type?: string; code?: unknown } | undefined): boolean {
  return /^Mongo|^PoolCleared/.test(`${err?.type}`) || err?.code === 'EPIPE';
}
