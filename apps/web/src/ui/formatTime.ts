const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;

/** Formats a moment in the visitor's locale. */
export function formatTime(iso: string): string {
  return format.format(new Date(iso));
}

/** The time until or since a moment, in words, to the minute. */
export function formatDistance(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1_000;
  const fitting = UNITS.find((unit) => Math.abs(seconds) >= unit.seconds);
  return fitting
    ? relative.format(Math.round(seconds / fitting.seconds), fitting.unit)
    : relative.format(0, 'second');
}
