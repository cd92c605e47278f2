import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Row {
  readonly number: string;
  readonly state: string;
  readonly remarks: string;
  /** Titles and files of tests, as the table names them. */
  readonly tests: readonly { readonly title: string; readonly file: string }[];
}

async function readTable(): Promise<Row[]> {
  const text = await readFile(new URL('../SECURITY.md', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
      const [, number = '', , state = '', remarks = '', tests = ''] = cells;
      const named = [...tests.matchAll(/“(.+?)” \(([\w.-]+)\)/g)];
      return { number, state, remarks, tests: named.map(([, title = '', file = '']) => ({ title, file })) };
    });
}

/** Every test of the repository that bears numbers, from its source: those of other packages do not run here. */
async function readNumberedTests() {
  const found: { numbers: string[]; title: string; path: string }[] = [];
  for (const folder of ['packages', 'apps']) {
    for await (const path of testFiles(join(ROOT, folder))) {
      const source = await readFile(path, 'utf8');
      for (const [, , numbers = '', title = ''] of source.matchAll(NUMBERED))
        found.push({
          numbers: numbers.split(', '),
          title: title.replaceAll("\\'", "'"),
          path: relative(ROOT, path),
        });
    }
  }
  return found;
}

async function* testFiles(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['node_modules', 'dist'].includes(entry.name)) yield* testFiles(path);
    else if (/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

const NUMBERED = /(['"`])([A-Z]\d+(?:, [A-Z]\d+)*): ((?:\\.|(?!\1).)+)\1/g;

/** E6 and on, and every E of clients, belong to another list. */
function isOfThisList(number: string, path: string) {
  return (
    /^[PLTSCHKD]\d/.test(number) || (/^E[1-5]$/.test(number) && /^(packages.server|apps.api)/.test(path))
  );
}

it('is a table of known states, each deviation with its reason', async () => {
  const table = await readTable();
  expect(table.length).toBeGreaterThan(70);
  expect(new Set(table.map(({ number }) => number)).size).toBe(table.length);
  for (const { number, state, remarks } of table) {
    expect(['met', 'met otherwise', 'not applicable'], number).toContain(state);
    if (state !== 'met') expect(remarks, `${number} needs a reason`).not.toBe('');
  }
});

it('names tests for all that is met, and tests of its own numbers that are there', async () => {
  const [table, numbered] = await Promise.all([readTable(), readNumberedTests()]);
  for (const { number, tests, state } of table.filter((row) => row.state.startsWith('met'))) {
    expect(tests.length, `${number} is ${state}, by no test`).toBeGreaterThan(0);
    for (const { title, file } of tests) {
      const isThere = numbered.some(
        (test) => test.title === title && basename(test.path) === file && test.numbers.includes(number),
      );
      expect(isThere, `${number}: “${title}” (${file})`).toBe(true);
    }
  }
});

it('has a row for every number that a test bears', async () => {
  const [table, numbered] = await Promise.all([readTable(), readNumberedTests()]);
  const known = new Set(table.map(({ number }) => number));
  const strays = numbered.flatMap(({ numbers, path }) =>
    numbers
      .filter((number) => isOfThisList(number, path) && !known.has(number))
      .map((number) => `${number} in ${path}`),
  );
  expect(numbered.length).toBeGreaterThan(100);
  expect(strays).toEqual([]);
});
