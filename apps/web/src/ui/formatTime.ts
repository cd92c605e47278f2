const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A moment as people where the visitor is write it. */
export const formatTime = (iso: string): string => format.format(new Date(iso));
