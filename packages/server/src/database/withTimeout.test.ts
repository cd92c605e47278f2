import { expect, it } from 'vitest';
import { isDatabaseUnavailable } from './faults.js';
import { withTimeout } from './withTimeout.js';

it('passes on what an operation brings, or its failure', async () => {
  expect(await withTimeout(Promise.resolve('found'))).toBe('found');
  await expect(withTimeout(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

it('takes an operation that never ends for an outage', async () => {
  const error = await withTimeout(new Promise<never>(() => {}), 10).catch((cause: unknown) => cause);
  expect(isDatabaseUnavailable(error)).toBe(true);
});
