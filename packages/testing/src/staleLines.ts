import { readFile } from 'node:fs/promises';

/**
 * The added or kept lines of a README's diffs that are not in the files they are about. Each diff follows a heading that
 * is the file's path: `### \`src/App.tsx\``.
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
