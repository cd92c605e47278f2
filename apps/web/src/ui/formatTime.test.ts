import { expect, test } from 'vitest';
import { formatDistance } from './formatTime.js';

const now = Date.parse('2026-05-01T12:00:00Z');

test.each([
  ['2026-05-01T11:59:31Z', 'now'],
  ['2026-05-01T11:57:00Z', '3 minutes ago'],
  ['2026-05-01T10:00:00Z', '2 hours ago'],
  ['2026-04-30T11:00:00Z', 'yesterday'],
  ['2026-05-31T12:00:00Z', 'in 30 days'],
])('says how far %s is away: %s', (iso, words) => {
  expect(formatDistance(iso, now)).toBe(words);
});
