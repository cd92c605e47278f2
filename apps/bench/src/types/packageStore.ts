import { cp, mkdir, realpath, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of a package, as another folder resolves it. */
async function folderOf(name: string, from: string): Promise<string> {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const place of places) {
    const found = await realpath(join(place, name)).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`${name} is not installed.`);
}

/** Our own packages with their dependencies. They are copied out of the workspace, as an installation would. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  '@latchkey/server': ['@trpc/server', 'mongoose', 'zod', 'bcrypt', 'jsonwebtoken', 'lru-cache', 'p-queue'],
  '@latchkey/client': ['@trpc/client', '@trpc/server'],
};

/**
 * Lays packages out in `root` as pnpm does: each sees its own dependencies only. Our packages are copies of their builds,
 * all others are links.
 */
export function createPackageStore(root: string) {
  const copies = new Map<string, Promise<string>>();

  const copyOwn = async (name: string, dependencies: readonly string[]) => {
    const source = await folderOf(name, HERE);
    const modules = join(root, '.pnpm', name.replace('/', '+'), 'node_modules');
    const folder = join(modules, name);
    await mkdir(folder, { recursive: true });
    for (const part of ['package.json', 'dist'])
      await cp(join(source, part), join(folder, part), { recursive: true });
    for (const dependency of dependencies)
      await link(join(modules, dependency), await folderOf(dependency, source));
    return folder;
  };

  const place = (name: string): Promise<string> => {
    const dependencies = OWN[name];
    if (!dependencies) return folderOf(name, HERE);
    const copy = copies.get(name) ?? copyOwn(name, dependencies);
    copies.set(name, copy);
    return copy;
  };

  return {
    /** Makes packages visible to the package in `folder`. */
    install: async (folder: string, names: readonly string[]) => {
      for (const name of names) await link(join(folder, 'node_modules', name), await place(name));
    },
  };
}

async function link(path: string, target: string) {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'junction');
}
