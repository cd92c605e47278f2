import { expect, test } from 'vitest';
import { checkDialect } from './dialect.js';
import { parseSource } from './source.js';

function messages(text, path = 'x.tsx') {
  return checkDialect(parseSource(path, text)).map(({ message }) => message);
}

test.each([
  'const f = () => 1;',
  'export const f = async <T,>(value: T) => value;',
  'const f: Handler = (value) => value;',
  'const f = function* () {};',
])('wants a function declaration instead of %s', (text) => {
  expect(messages(text)).toEqual(['write f as a function declaration']);
});

test('leaves functions alone that are arguments, members or inside a function', () => {
  const text = `
    const table = { f: () => 1 };
    const View = memo(() => null);
    function create() { const f = () => 1; return f; }
    export function curried(a) { return (b) => a + b; }`;
  expect(messages(text)).toEqual([]);
});

test.each([
  ['graceMs', '1_000', 'GRACE_MS'],
  ['dayMs', '24 * 60 * 60_000', 'DAY_MS'],
  ['kept', '-1', 'KEPT'],
  ['htmlPage', '`<p>$' + '{title}</p>`', 'HTML_PAGE'],
  ['apiPaths', '/^\\/api/', 'API_PATHS'],
  ['names', "['a', null, undefined, ...OTHERS]", 'NAMES'],
  ['tones', "{ good: 'green', nested: { more: [1] } } as const", 'TONES'],
  ['known', "new Set(['a'])", 'KNOWN'],
  ['seed', 'Number(process.env.SEED ?? 1)', 'SEED'],
  ['port', "process.env.PORT ?? '3000'", 'PORT'],
  ['dataDir', "join(root, '.data')", 'DATA_DIR'],
  ['list', "['a', 'b'].join(', ')", 'LIST'],
])('wants the data constant %s = %s in capitals', (name, value, expected) => {
  expect(messages(`export const ${name} = ${value};`)).toEqual([
    `name the data constant ${name} ${expected}`,
  ]);
});

test.each([
  'createLog()',
  "z.object({ id: z.literal('a') })",
  "new Schema({ name: 'text' })",
  'new AbortController()',
  '{ a: 1, f: () => 2 }',
  '{ icon: Monitor }',
  '<p>text</p>',
  '[]',
  'new Map()',
  'await connect(1)',
])('does not take %s for data', (value) => {
  expect(messages(`const name = ${value};`)).toEqual([]);
});

test('names only constants at the top level', () => {
  expect(messages('let count = 0; const { a } = { a: 1 }; function f() { const inner = 1; }')).toEqual([]);
});

test.each(['f({ a: 1, ...{ b: 2 } });', 'f([...[1, 2], 3]);', 'f(...[1, 2]);', 'f(<View {...{ a, b }} />);'])(
  'refuses the spread of a literal in %s',
  (text) => {
    expect(messages(text)).toEqual(['write the members of this literal without a spread']);
  },
);

test('allows a spread that depends on a condition', () => {
  expect(messages('f({ ...(x === undefined ? {} : { x }), ...rest }, ...list);')).toEqual([]);
});
