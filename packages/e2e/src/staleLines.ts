import { readFile } from 'node:fs/promises';

/**
 * Returns the lines of a README's diffs, added or kept, that are missing in the files. Each diff follows a heading with
 * the path of its file: `### \`src/App.tsx\``.
 */
export async function staleLines(app: URL): Promise<string[]> {
  const readme = await readFile(new URL('README.md', app), 'utf8');
  const stale: string[] = [];
  for (const [, path = '', diff = ''] of readme.matchAll(/^### `(.+)`\n\n```diff\n([\s\S]*?)\n```$/gm)) {
    const lines = new Set((await readFile(new URL(path, app), 'utf8')).split('\n'));
    for (const line of diff.split('\n')) {
      if (/^[ +]/.test(line) && !lines.has(line.slice(1))) stale.push(`${path}: ${line}`);
    }
  }
  return stale;
}
