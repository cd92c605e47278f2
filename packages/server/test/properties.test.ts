import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Commands, ownerCommands, thiefCommands } from './properties/commands.js';
import { createReality, type Reality } from './properties/reality.js';
import { openTestDatabase } from './testDatabase.js';

/** At least so many sequences are played; then more, up to the maximum, until every outcome was seen. */
const SEQUENCES = 32;
const MAX_SEQUENCES = 320;
const BATCH = 8;

/** Plays random sequences; a failure prints its seed and a shorter sequence that fails too. */
async function explore(reality: Reality, commands: Commands, outcomes: readonly string[]) {
  const sequences = fc.commands([...commands], { maxCommands: 40, size: 'max' });
  let played = 0;
  const property = fc.asyncProperty(sequences, async (sequence) => {
    await fc.asyncModelRun(() => reality.newPerson(), sequence);
    played += 1;
  });
  const isUnseen = (outcome: string) => reality.seen(outcome) === 0;
  while (played < SEQUENCES || (played < MAX_SEQUENCES && outcomes.some(isUnseen)))
    await fc.assert(property, { numRuns: BATCH });
  expect(outcomes.filter(isUnseen)).toEqual([]);
}

describe('the session protocol in random sequences over HTTP', { timeout: 600_000 }, () => {
  it('never refuses an undisturbed client, never forks, never goes on after its end', async () => {
    await using database = await openTestDatabase();
    await using reality = await createReality(database);
    const outcomes = ['renewed', 'duplicated', 'ended', 'password changed', 'rolled back'];
    await explore(reality, ownerCommands, outcomes);
  });

  it('catches a thief, and never forks or goes on after its end', async () => {
    await using database = await openTestDatabase();
    await using reality = await createReality(database);
    await explore(reality, thiefCommands, ['renewed', 'theft caught']);
  });
});
