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
      if (!line.startsWith('{')) return;
      const { level, msg, event, err } = JSON.parse(line);
      if (event?.type) count(events, event.type);
      // A request's own line repeats what its procedure's line says.
      if ((level !== 'error' && level !== 'fatal') || msg === 'request' || isOutage(err)) return;
      count(faults, `${msg}: ${err?.type}: ${err?.message}, ${err?.cause?.type}: ${err?.cause?.message}`);
    },
  };
}

/** Whether an error, or what caused it, is the driver's word for a database that is away. */
function isOutage(err: { type?: string; cause?: { type?: string } } | undefined): boolean {
  return [err?.type, err?.cause?.type].some((type) => /^Mongo|^PoolCleared/.test(`${type}`));
}
