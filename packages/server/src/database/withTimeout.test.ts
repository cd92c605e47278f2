import { expect, it } from 'vitest';
import { isDatabaseUnavailable } from './faults.js';
import { withTimeout } from './withTimeout.js';

it('returns the result of an operation, or its failure', async () => {
  expect(await withTimeout(Promise.resolve('found'))).toBe('found');
  await expect(withTimeout(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

it('treats an operation that never ends as an outage', async () => {
  const error = await withTimeout(new Promise<never>(() => {}), 10).catch((cause: unknown) => cause);
  expect(isDatabaseUnavailable(error)).toBe(true);
});
