import { expect, test } from 'vitest';
import { checkFileLength, checkFunctionLengths } from './lengths.js';
import { parseSource } from './source.js';

function tooLong(text) {
  return checkFunctionLengths(parseSource('x.ts', text)).map(({ message }) => message);
}

function lines(count) {
  return 'call();\n'.repeat(count);
}

test('counts the code lines of a file, not its comments and blank lines', () => {
  const text = `/** A comment\n * of two lines. */\n\n${lines(2)}\n// one more\nconst text = \`two\nlines\`;\n`;
  const source = parseSource('x.ts', text);
  expect(checkFileLength(source, 4)).toEqual([]);
  expect(checkFileLength(source, 3)).toMatchObject([
    { message: 'the file has 4 code lines; at most 3 are allowed' },
  ]);
});

test('refuses a function of more than 50 code lines', () => {
  expect(tooLong(`function f() {\n${lines(48)}}`)).toEqual([]);
  expect(tooLong(`function f() {\n${lines(49)}}`)).toEqual(['f has 51 code lines; at most 50 are allowed']);
});

test.each([
  ['an inner function', 'return inner;'],
  ['an object of inner functions', 'return { inner };'],
  ['an object with a function', 'return { run: () => inner() };'],
  ['a constant that holds functions', 'const parts = { inner }; return parts;'],
])('counts only the own lines of a factory that returns %s', (_what, end) => {
  expect(
    tooLong(`function create() {\nconst inner = () => {\n${lines(45)}};\n${lines(40)}${end}\n}`),
  ).toEqual([]);
});

test('checks the inner functions of a factory, and its own lines', () => {
  const long = `function create() {\n${lines(48)}function inner() {\n${lines(49)}}\nreturn { inner };\n}`;
  expect(tooLong(long)).toEqual([
    'create has 51 code lines; at most 50 are allowed',
    'inner has 51 code lines; at most 50 are allowed',
  ]);
});

test('counts the callbacks of a function that returns no function', () => {
  expect(tooLong(`function list() {\nreturn names.map(() => {\n${lines(47)}});\n}`)).toHaveLength(1);
  const text = `const Page = function () {\nuseEffect(() => {\n${lines(46)}});\nreturn 1;\n}`;
  expect(tooLong(text)).toEqual(['Page has 51 code lines; at most 50 are allowed']);
});
