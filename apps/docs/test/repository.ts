import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const OUTPUTS = ['node_modules', 'dist', '.git', '.turbo', '.data', '.vitest', '.changeset'];

/** Paths of all files with one of the endings, relative to the root. */
export async function filesEnding(...endings: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const path of filesBelow(ROOT))
    if (endings.some((ending) => path.endsWith(ending))) found.push(relative(ROOT, path));
  return found.sort();
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !OUTPUTS.includes(entry.name)) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
