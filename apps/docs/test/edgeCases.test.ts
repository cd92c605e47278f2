import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.js';

const PAGE = 'apps/docs/pages/edge-cases.md';

interface Row {
  readonly number: string;
  readonly tests: readonly { readonly title: string; readonly path: string }[];
}

const ROWS = await readRows();

test('numbers every edge case once', () => {
  const numbers = ROWS.map(({ number }) => number);
  expect(numbers).toEqual([...numbersFrom(1, 25), ...numbersFrom(30, 40)]);
});

test.each(ROWS)('$number names tests that exist', async ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const { title, path } of tests) {
    const source = await readFile(join(ROOT, path), 'utf8');
    expect(titlesIn(source), path).toContain(title);
  }
});

async function readRows(): Promise<Row[]> {
  const text = await readFile(join(ROOT, PAGE), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^\| E\d+ \|/.test(line))
    .map((line) => {
      const [, number = '', , , tests = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      const named = [...tests.matchAll(/“(.+?)” \(\[[\w.-]+\]\(\.\.\/\.\.\/\.\.\/([\w./-]+)\)\)/g)];
      return { number, tests: named.map(([, title = '', path = '']) => ({ title, path })) };
    });
}

/** The texts in quotes of a test file: its titles are among them. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/(['"`])((?:\\.|(?!\1).)+)\1/g)].map(([, , text = '']) =>
    text.replaceAll("\\'", "'").replace(/^[A-Z]\d+(, [A-Z]\d+)*: /, ''),
  );
}

function numbersFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `E${first + index}`);
}
