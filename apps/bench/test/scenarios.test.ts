import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const ENTRY = fileURLToPath(new URL('../dist/index.js', import.meta.url));

const report = z.object({
  scenarios: z.record(
    z.string(),
    z.object({
      tables: z.array(
        z.object({
          rows: z.array(
            z.object({
              name: z.string().optional(),
              server: z.string().optional(),
              rounds: z.number().optional(),
            }),
          ),
        }),
      ),
      goals: z.array(
        z.object({
          name: z.string(),
          verdict: z.enum(['met', 'missed', 'undecided']),
          atLeast: z.number(),
          rounds: z.number(),
          median: z.number().positive(),
          quartiles: z.tuple([z.number(), z.number()]),
          spread: z.number(),
          minRounds: z.number(),
          maxSpread: z.number(),
          remedy: z.string().optional(),
        }),
      ),
    }),
  ),
});

const FEW = '--json --rounds 1 --requests 16 --warm-up 8 --sessions 2000 --people 2'.split(' ');

/** Runs scenarios once, with a few requests. That shows nothing about speed, but fails if a request fails. */
async function runOnce(scenarios: readonly string[], launches: number) {
  const { stdout } = await run(process.execPath, [ENTRY, ...scenarios, ...FEW, '--launches', `${launches}`]);
  return report.parse(JSON.parse(stdout)).scenarios;
}

describe('the benchmarks', () => {
  it('call every peer of every scenario, and give no verdict on so few rounds', {
    timeout: 300_000,
  }, async () => {
    const found = await runOnce(['guard', 'sessions', 'login-storm', 'same-time'], 1);
    const names = (name: string) =>
      found[name]?.tables.map(({ rows }) => rows.map((row) => row.name ?? row.server));
    expect(names('guard')?.[0]).toContain('better-auth, database');
    expect(names('sessions')).toEqual([
      ['1,000 sessions', '2,000 sessions'],
      ['1,000 sessions', '2,000 sessions'],
    ]);
    expect(names('login-storm')?.[0]).toContain('Latchkey');
    const goals = Object.values(found).flatMap((scenario) => scenario.goals);
    expect(goals.map(({ name }) => name)).toEqual([
      'guard: Latchkey beside hand-written, key object and LRU',
      'guard: 2,000 sessions beside 1,000 sessions',
      'refresh: 2,000 sessions beside 1,000 sessions',
      'login-storm: Latchkey',
      'same-time: a wrong password',
      'same-time: a reset link',
    ]);
    for (const goal of goals)
      expect(goal).toMatchObject({
        verdict: 'undecided',
        rounds: 1,
        minRounds: 30,
        remedy: '30 rounds or more',
      });
  });

  it('add up the rounds of all launches', { timeout: 300_000 }, async () => {
    const { refresh } = await runOnce(['refresh'], 2);
    expect(refresh?.tables[0]?.rows.map(({ name, rounds }) => [name, rounds])).toEqual([
      ['bare findOneAndUpdate', 2],
      ['Latchkey', 2],
      ['hand-written compare-and-set', 2],
      ['better-auth', 2],
    ]);
    expect(refresh?.goals).toMatchObject([
      { name: 'refresh: Latchkey beside bare findOneAndUpdate', atLeast: 0.8, rounds: 2 },
    ]);
  });

  it('refuse an unknown scenario with a list of those there are', async () => {
    await expect(run(process.execPath, [ENTRY, 'nothing'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('guard, refresh, sessions, types, login-storm, same-time'),
    });
  });
});
