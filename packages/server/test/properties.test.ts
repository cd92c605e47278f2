import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Commands, ownerCommands, thiefCommands } from './properties/commands.js';
import { createReality, type Reality } from './properties/reality.js';
import { openTestDatabase } from './testDatabase.js';

const BUDGET_MS = 13_000;

/** Runs random sequences for about so long; a failure prints its seed and a shorter sequence that fails too. */
async function explore(reality: Reality, commands: Commands) {
  const deadline = performance.now() + BUDGET_MS;
  const sequences = fc.commands([...commands], { maxCommands: 40, size: 'max' });
  const property = fc.asyncProperty(sequences, async (sequence) => {
    if (performance.now() > deadline) return;
    await fc.asyncModelRun(() => reality.newPerson(), sequence);
    reality.note('run');
  });
  await fc.assert(property, { numRuns: 200 });
}

describe('the session protocol in random sequences over HTTP', { timeout: 120_000 }, () => {
  it('never refuses an undisturbed client, never forks, never goes on after its end', async () => {
    await using database = await openTestDatabase();
    await using reality = await createReality(database);
    await explore(reality, ownerCommands);
    for (const outcome of ['run', 'renewed', 'duplicated', 'ended', 'password changed', 'rolled back']) {
      expect(reality.seen(outcome), outcome).toBeGreaterThan(0);
    }
  });

  it('catches a thief, and never forks or goes on after its end', async () => {
    await using database = await openTestDatabase();
    await using reality = await createReality(database);
    await explore(reality, thiefCommands);
    for (const outcome of ['run', 'renewed', 'theft caught']) {
      expect(reality.seen(outcome), outcome).toBeGreaterThan(0);
    }
  });
});
