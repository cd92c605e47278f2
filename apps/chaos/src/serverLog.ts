/** Counts what the server processes log. */
export function createServerLog() {
  const events = new Map<string, number>();
  const faults = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    /** The number of security events, by name. */
    events,
    /** The number of faults that no outage explains, by kind. */
    faults,
    read(line: string) {
      // Most lines are about requests and refusals.
      if (!/^\{"level":"(error|fatal)"|"event":\{/.test(line)) return;
      const { level, msg, code, event, err } = JSON.parse(line);
      if (event?.type) count(events, event.type);
      // The line of a request repeats the line of its procedure.
      if ((level !== 'error' && level !== 'fatal') || msg === 'request') return;
      const isOutage = code === undefined ? isLostDatabase(err) : code === 'SERVICE_UNAVAILABLE';
      if (!isOutage) count(faults, `${msg}: ${err?.type}: ${err?.message}`);
    },
  };
}

/** Whether the error of a background task means that the database is down. */
function isLostDatabase(err: { type?: string; code?: unknown } | undefined): boolean {
  return /^Mongo|^PoolCleared/.test(`${err?.type}`) || err?.code === 'EPIPE';
}
