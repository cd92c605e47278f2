import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Row {
  readonly number: string;
  readonly state: string;
  readonly remarks: string;
  /** Titles and files of tests, as the table quotes them. */
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

/** A title that begins with numbers of rows: `'S4, S5: 24 hours'`. */
const NUMBERED = /(['"`])([A-Z]\d+(?:, [A-Z]\d+)*): ((?:\\.|(?!\1).)+)\1/g;

/** A code at the beginning of a call's first text, with or without a colon. */
const CODED = /\(\s*['"`]([A-Z]{1,2}\d{1,2})(?=[:, ])/g;

/** Every title in the repository that begins with a code, read from the sources: other packages' tests do not run here. */
async function readCodedTitles() {
  const found: { codes: string[]; title: string; path: string }[] = [];
  for (const folder of ['packages', 'apps']) {
    for await (const path of testFiles(join(ROOT, folder))) {
      const source = await readFile(path, 'utf8');
      const file = { path: relative(ROOT, path) };
      for (const [, , codes = '', title = ''] of source.matchAll(NUMBERED))
        found.push({ ...file, codes: codes.split(', '), title: title.replaceAll("\\'", "'") });
      for (const [, code = ''] of source.matchAll(CODED)) found.push({ ...file, codes: [code], title: '' });
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

it('is a table of known states, each deviation with its reason', async () => {
  const table = await readTable();
  expect(table.length).toBeGreaterThan(70);
  expect(new Set(table.map(({ number }) => number)).size).toBe(table.length);
  for (const { number, state, remarks } of table) {
    expect(['met', 'met otherwise', 'not applicable'], number).toContain(state);
    if (state !== 'met') expect(remarks, `${number} needs a reason`).not.toBe('');
  }
});

it('quotes tests that exist and carry its number, for every row that is met', async () => {
  const [table, coded] = await Promise.all([readTable(), readCodedTitles()]);
  for (const { number, tests, state } of table.filter((row) => row.state.startsWith('met'))) {
    expect(tests.length, `${number} is ${state}, but quotes no test`).toBeGreaterThan(0);
    for (const { title, file } of tests) {
      const exists = coded.some(
        (test) => test.title === title && basename(test.path) === file && test.codes.includes(number),
      );
      expect(exists, `${number}: “${title}” (${file})`).toBe(true);
    }
  }
});

it('has a row for every code that begins a title anywhere in the repository', async () => {
  const [table, coded] = await Promise.all([readTable(), readCodedTitles()]);
  const rows = new Set(table.map(({ number }) => number));
  const strays = coded.flatMap(({ codes, path }) =>
    codes.filter((code) => !rows.has(code)).map((code) => `${code} in ${path}`),
  );
  expect(coded.length).toBeGreaterThan(100);
  expect(strays).toEqual([]);
});
