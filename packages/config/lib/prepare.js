import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.js';
import { pnpm, succeed, toolEnv } from './run.js';
import { ROOT, STATE_DIR, withDependencies, workspacePackages } from './workspace.js';

/**
 * Installs what is missing, and builds the given packages and all packages they depend on. Does only what has
 * changed since the last time. Processes that start together wait for each other here.
 *
 * @param {string[]} packages names of workspace packages; with none, only installs
 */
export async function prepare(packages) {
  if (isInstalled() && isBuilt(packages)) return;
  await withLock(join(STATE_DIR, 'lock'), async () => {
    if (!isInstalled()) await install();
    if (!isBuilt(packages)) await build(packages);
  });
}

async function install() {
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  await succeed('installing', pnpm(args, { env: toolEnv(), stdout: 'stderr' }));
  writeStamp('installed', manifestsFingerprint());
}

async function build(packages) {
  // Taken before the build, so that an edit during the build is built the next time.
  const fingerprint = sourcesFingerprint();
  const filters = packages.map((name) => `--filter=${name}`);
  const args = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', ...filters];
  await succeed('building', pnpm(args, { env: toolEnv(), stdout: 'stderr' }));
  for (const name of packages) writeStamp(buildStamp(name), fingerprint);
}

function isInstalled() {
  return (
    existsSync(join(ROOT, 'node_modules', '.modules.yaml')) &&
    readStamp('installed') === manifestsFingerprint()
  );
}

function isBuilt(packages) {
  if (packages.length === 0) return true;
  const fingerprint = sourcesFingerprint();
  return (
    packages.every((name) => readStamp(buildStamp(name)) === fingerprint) &&
    withDependencies(packages).every(({ dir }) => existsSync(join(dir, 'dist')))
  );
}

function buildStamp(name) {
  return `built-${name.replace(/\W+/g, '-')}`;
}

/** Changes whenever `pnpm install` could have something to do. */
function manifestsFingerprint() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(ROOT, name));
  for (const { dir } of workspacePackages()) files.push(join(dir, 'package.json'));
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(relative(ROOT, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Changes whenever a build could have something to do: names, sizes and times of all files except outputs. */
function sourcesFingerprint() {
  const hash = createHash('sha256').update(manifestsFingerprint());
  const visit = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory() && !OUTPUTS.has(entry.name)) visit(path);
      if (!entry.isFile()) continue;
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path}\0${size}\0${mtimeMs}\n`);
    }
  };
  visit(join(ROOT, 'packages'));
  visit(join(ROOT, 'apps'));
  return hash.update(readFileSync(join(ROOT, 'tsconfig.base.json'))).digest('hex');
}

const OUTPUTS = new Set(['node_modules', 'dist', '.turbo', '.vitest', '.data']);

function readStamp(name) {
  try {
    return readFileSync(join(STATE_DIR, name), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeStamp(name, value) {
  mkdirSync(STATE_DIR, { recursive: true });
  writeFileSync(join(STATE_DIR, name), value);
}
