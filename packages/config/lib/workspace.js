import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, wherever npm was called from. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Where the runner keeps its lock and its stamps. Git ignores it, as all of `.turbo`. */
export const STATE_DIR = join(ROOT, '.turbo', 'latchkey');

/**
 * Every package of the workspace.
 *
 * @returns {{ name: string, dir: string, manifest: Record<string, any> }[]}
 */
export function workspacePackages() {
  return ['packages', 'apps']
    .flatMap((group) => subdirectories(join(ROOT, group)))
    .map((dir) => ({ dir, manifest: readManifest(dir) }))
    .flatMap(({ dir, manifest }) => (manifest ? [{ name: manifest.name, dir, manifest }] : []));
}

/**
 * The named packages and all packages of the workspace they are built from.
 *
 * @param {string[]} names
 */
export function withDependencies(names) {
  const all = new Map(workspacePackages().map((found) => [found.name, found]));
  const needed = new Set();
  const visit = (name) => {
    const found = all.get(name);
    if (!found?.manifest.scripts?.build || needed.has(found)) return;
    needed.add(found);
    const { dependencies, devDependencies, peerDependencies } = found.manifest;
    for (const dependency of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }))
      visit(dependency);
  };
  for (const name of names) visit(name);
  return [...needed];
}

/** The version of pnpm that package.json pins, in npx's form: `pnpm@12.21.0`. */
export function pnpmSpec() {
  const { packageManager } = readManifest(ROOT) ?? {};
  if (!/^pnpm@\d+\.\d+\.\d+/.test(packageManager))
    throw new Error('packageManager in package.json must name a version of pnpm, such as pnpm@12.21.0');
  return packageManager.split('+')[0];
}

function readManifest(dir) {
  try {
    return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function subdirectories(dir) {
  return readdirSync(dir)
    .sort()
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isDirectory());
}
