import { expect, test } from 'vitest';
import { untilDatabaseAnswers } from './untilDatabaseAnswers.js';

const quiet = { warn: () => {} };

async function atOnce() {}

test('does a step again after a failure, and resolves to what it brings', async () => {
  let tries = 0;
  const step = async () => {
    if (++tries < 3) throw new Error('away');
    return 'indexes';
  };
  expect(await untilDatabaseAnswers(quiet, step, atOnce)).toBe('indexes');
  expect(tries).toBe(3);
});

test('gives up after 15 failures, with the last one', async () => {
  let tries = 0;
  const step = async () => {
    throw new Error(`failure ${++tries}`);
  };
  await expect(untilDatabaseAnswers(quiet, step, atOnce)).rejects.toThrow('failure 15');
});
