import { expect, it } from 'vitest';
import { isDatabaseUnavailable } from './database.js';
import { inTime } from './inTime.js';

it('passes on what an operation brings, or its failure', async () => {
  expect(await inTime(Promise.resolve('found'))).toBe('found');
  await expect(inTime(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

it('takes an operation that never ends for an outage', async () => {
  const error = await inTime(new Promise<never>(() => {}), 10).catch((cause: unknown) => cause);
  expect(isDatabaseUnavailable(error)).toBe(true);
});
