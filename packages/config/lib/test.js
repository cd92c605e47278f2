import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.js';
import { add, closingLine, countReport, listFailures, NOTHING } from './results.js';
import { pnpm, toolEnv } from './run.js';
import { workspacePackages } from './workspace.js';

const CHECKS = [
  { name: 'format and lint', args: ['exec', 'biome', 'ci', '.'] },
  { name: 'house style', args: ['exec', 'node', 'packages/config/bin/checkStyle.js'] },
  { name: 'manifests', args: ['exec', 'sherif'] },
  { name: 'unused files and exports', args: ['exec', 'knip'] },
  { name: 'build', args: ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'] },
  { name: 'types', args: ['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only', '--continue'] },
  { name: 'packed packages', args: ['--filter=@latchkey/config', 'run', 'check:packed'] },
];

/** Packages whose tests mostly wait for processes to start, tokens to end and faults to pass. */
const WAITING = [
  '@latchkey/bench',
  '@latchkey/chaos',
  '@latchkey/example-cli',
  '@latchkey/example-ssr',
  '@latchkey/example-vite',
];

/**
 * Checks the whole workspace and runs every package's tests. The last line printed is the sum. With names of
 * packages, runs only the tests of these.
 *
 * @param {string[]} names
 */
export async function test(names) {
  await prepare([]);
  let total = NOTHING;
  if (names.length === 0) {
    for (const check of CHECKS) total = add(total, await runCheck(check));
  }
  total = add(total, await runTests(names));
  console.log(closingLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function runCheck({ name, args }) {
  const code = await pnpm(args, { env: toolEnv() });
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function runTests(names) {
  const tested = workspacePackages().filter(
    ({ name, manifest }) => manifest.scripts?.test && (names.length === 0 || names.includes(name)),
  );
  const unknown = names.filter((wanted) => !tested.some(({ name }) => name === wanted));
  if (unknown.length > 0) throw new Error(`no package of this name has tests: ${unknown.join(', ')}`);

  for (const { dir } of tested) rmSync(reportPath(dir), { force: true });
  const isWaiting = ({ name }) => WAITING.includes(name);
  // Most tests keep every processor busy: several packages at once would only disturb each other's timing.
  const codes = [
    await runPackages(
      tested.filter((each) => !isWaiting(each)),
      { concurrency: 1 },
    ),
    await runPackages(tested.filter(isWaiting), { concurrency: 2 }),
  ];
  const total = tested.map(readPackage).reduce(add, NOTHING);
  const code = codes.find((each) => each !== 0) ?? 0;
  if (code === 0 || total.failed > 0) return total;
  console.error(`the test run itself failed with exit code ${code}`);
  return { ...total, failed: 1 };
}

async function runPackages(packages, { concurrency }) {
  if (packages.length === 0) return 0;
  const filters = packages.map(({ name }) => `--filter=${name}`);
  return pnpm(['exec', 'turbo', 'run', 'test', `--concurrency=${concurrency}`, '--continue', ...filters]);
}

function readPackage({ name, dir }) {
  try {
    const report = JSON.parse(readFileSync(reportPath(dir), 'utf8'));
    for (const failure of listFailures(report)) console.log(`✗ ${name}: ${failure.replace(dir, '.')}`);
    return countReport(report);
  } catch (error) {
    console.error(`${name} left no readable test report: ${error.message}`);
    return { ...NOTHING, failed: 1 };
  }
}

function reportPath(dir) {
  return join(dir, '.vitest', 'results.json');
}
