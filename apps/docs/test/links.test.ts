import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesEnding, ROOT } from './repository.js';

const PAGES = await filesEnding('.md');

test.each(PAGES)('every link of %s leads to a file and a heading that exist', async (page) => {
  const text = await readFile(join(ROOT, page), 'utf8');
  const broken: string[] = [];
  for (const [, target = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', heading] = target.split('#');
    const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
    if (!existsSync(file) || !(await hasHeading(file, heading))) broken.push(target);
  }
  expect(broken).toEqual([]);
});

test.each(PAGES.filter((page) => page.startsWith('apps/docs/') || page === 'CONTRIBUTING.md'))(
  'every path that %s names exists',
  async (page) => {
    const text = await readFile(join(ROOT, page), 'utf8');
    const named = [...text.matchAll(/`((?:apps|packages)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  },
);

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
}

async function hasHeading(file: string, heading: string | undefined): Promise<boolean> {
  if (heading === undefined || heading === '') return true;
  const markdown = file.endsWith('.md') ? file : join(file, 'README.md');
  const text = await readFile(markdown, 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].some(([, title = '']) => slugOf(title) === heading);
}

/** A heading's address, as GitHub makes it. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
