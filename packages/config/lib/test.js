import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.js';
import { add, closingLine, countReport, listFailures, nothing } from './results.js';
import { pnpm, toolEnv } from './run.js';
import { workspacePackages } from './workspace.js';

const checks = [
  { name: 'format and lint', args: ['exec', 'biome', 'ci', '.'] },
  { name: 'manifests', args: ['exec', 'sherif'] },
  { name: 'unused files and exports', args: ['exec', 'knip'] },
  { name: 'build', args: ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'] },
  { name: 'types', args: ['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only', '--continue'] },
  { name: 'packed packages', args: ['--filter=@latchkey/config', 'run', 'check:packed'] },
];

/**
 * Checks the whole workspace and runs every package's tests; the last line printed adds all up. With
 * names of packages as arguments, runs only those packages' tests.
 *
 * @param {string[]} names
 */
export async function test(names) {
  await prepare([]);
  let total = nothing;
  if (names.length === 0) {
    for (const check of checks) total = add(total, await runCheck(check));
  }
  total = add(total, await runTests(names));
  console.log(closingLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function runCheck({ name, args }) {
  const code = await pnpm(args, { env: toolEnv() });
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
  return code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
}

async function runTests(names) {
  const tested = workspacePackages().filter(
    ({ name, manifest }) => manifest.scripts?.test && (names.length === 0 || names.includes(name)),
  );
  const unknown = names.filter((wanted) => !tested.some(({ name }) => name === wanted));
  if (unknown.length > 0) throw new Error(`no tests in ${unknown.join(', ')}`);

  for (const { dir } of tested) rmSync(reportPath(dir), { force: true });
  const filters = tested.map(({ name }) => `--filter=${name}`);
  // One package after another: several at once would only disturb each other's timing.
  const args = ['exec', 'turbo', 'run', 'test', '--concurrency=1', '--continue', ...filters];
  const code = await pnpm(args);
  const total = tested.map(readPackage).reduce(add, nothing);
  if (code === 0 || total.failed > 0) return total;
  console.error(`the test run itself failed with exit code ${code}`);
  return { ...total, failed: 1 };
}

function readPackage({ name, dir }) {
  try {
    const report = JSON.parse(readFileSync(reportPath(dir), 'utf8'));
    for (const failure of listFailures(report)) console.log(`✗ ${name}: ${failure.replace(dir, '.')}`);
    return countReport(report);
  } catch (error) {
    console.error(`${name} left no readable test report: ${error.message}`);
    return { ...nothing, failed: 1 };
  }
}

const reportPath = (dir) => join(dir, '.vitest', 'results.json');
