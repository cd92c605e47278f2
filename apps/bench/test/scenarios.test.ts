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
              name: z.string(),
              cpuMicroseconds: z.number().positive(),
              requestsPerSecond: z.number().positive(),
              cpuRatio: z.number().positive(),
            }),
          ),
        }),
      ),
      goals: z.array(z.object({ measured: z.number(), atLeast: z.number(), met: z.boolean() })),
    }),
  ),
});

/** A run too short to say anything about speed: every request must succeed, else it fails. */
async function shortRun(scenarios: readonly string[], launches: number) {
  const short = '--json --rounds 1 --requests 16 --warm-up 8 --sessions 2000'.split(' ');
  const args = [ENTRY, ...scenarios, ...short, '--launches', String(launches)];
  const { stdout } = await run(process.execPath, args);
  return report.parse(JSON.parse(stdout)).scenarios;
}

describe('the benchmarks', () => {
  it('get an answer from every peer of every scenario', { timeout: 180_000 }, async () => {
    const { guard, sessions } = await shortRun(['guard', 'sessions'], 1);
    const { refresh } = await shortRun(['refresh'], 2);
    expect(guard?.tables[0]?.rows.map(({ name }) => name)).toContain('better-auth, database');
    expect(refresh?.tables[0]?.rows.map(({ name }) => name)).toContain('hand-written compare-and-set');
    expect(sessions?.tables.map(({ rows }) => rows.map(({ name }) => name))).toEqual([
      ['1,000 sessions', '2,000 sessions'],
      ['1,000 sessions', '2,000 sessions'],
    ]);
    expect(guard?.goals).toHaveLength(1);
  });

  it('name the scenarios there are when asked for another', async () => {
    await expect(run(process.execPath, [ENTRY, 'nothing'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('guard, refresh, sessions, types'),
    });
  });
});
