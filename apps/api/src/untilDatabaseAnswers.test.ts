import { expect, test } from 'vitest';
import { untilDatabaseAnswers } from './untilDatabaseAnswers.js';

const quiet = { warn: () => {} };

async function atOnce() {}

test('repeats a failed step and resolves to its result', async () => {
  let tries = 0;
  const step = async () => {
    if (++tries < 3) throw new Error('away');
    return 'indexes';
  };
  expect(await untilDatabaseAnswers(quiet, step, atOnce)).toBe('indexes');
  expect(tries).toBe(3);
});

test('throws the last failure after 15 attempts', async () => {
  let tries = 0;
  const step = async () => {
    throw new Error(`failure ${++tries}`);
  };
  await expect(untilDatabaseAnswers(quiet, step, atOnce)).rejects.toThrow('failure 15');
});
