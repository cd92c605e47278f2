import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `from './x.js'`, `import './x.js'` and `import('./x.js')`. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.[^'"]*)\1/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const SOURCE = /\.[jt]sx?$/;
const TEST = /\.test(-d)?\.[jt]sx?$/;

/**
 * Reads the relative imports of a source folder, those of types too and those of tests not.
 *
 * A room is a folder directly below the root, or below one of `nested`. A file directly in the root is a room too.
 *
 * @param {string | URL} root
 * @param {{ nested?: string[] }} [options] `nested`: folders whose own folders are the rooms, such as `methods`
 */
export function readImports(root, { nested = [] } = {}) {
  const folder = root instanceof URL ? fileURLToPath(root) : resolve(root);
  const files = sourceFiles(folder).map((path) => relative(folder, path).split(sep).join('/'));
  const imports = files.flatMap((from) => importsOf(folder, from));
  const toRoom = (path) => roomOf(path, nested);
  const between = imports
    .map((each) => ({ ...each, fromRoom: toRoom(each.from), toRoom: toRoom(each.to) }))
    .filter(({ fromRoom, toRoom }) => fromRoom !== toRoom);
  return {
    /** Every room, in the order of the alphabet. */
    rooms: [...new Set(files.map(toRoom))].sort(),
    /** Every import of a file by another: `{ from, to }`, with paths below the root. */
    imports,
    /** Every import across rooms: `{ from, to, fromRoom, toRoom }`. */
    between,
    /** Circles between rooms, `['links', 'session', 'links']`; two rooms that import each other are one. */
    roomCycles: findCycles(between.map(({ fromRoom, toRoom }) => [fromRoom, toRoom])),
    /** Circles between files. */
    fileCycles: findCycles(imports.map(({ from, to }) => [from, to])),
  };
}

/**
 * The imports that go against an order of rooms: a room may import itself and what stands after it.
 *
 * @param {ReturnType<typeof readImports>} read
 * @param {string[]} order rooms, the highest first; every room has to be listed
 * @returns {string[]} `session/a.ts imports links/b.ts`, or `links is not in the order`
 */
export function importsAgainst({ rooms, between }, order) {
  const unlisted = rooms.filter((room) => !order.includes(room)).map((room) => `${room} is not in the order`);
  const upward = between
    .filter(({ fromRoom, toRoom }) => order.indexOf(fromRoom) > order.indexOf(toRoom))
    .map(({ from, to }) => `${from} imports ${to}`);
  return [...unlisted, ...upward];
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !TEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function importsOf(folder, from) {
  const path = join(folder, from);
  const code = readFileSync(path, 'utf8').replace(COMMENT, '');
  const targets = [...code.matchAll(SPECIFIER)].map(([, , specifier]) => resolve(dirname(path), specifier));
  return [...new Set(targets)]
    .map(toSourceFile)
    .filter((target) => target.startsWith(folder))
    .map((target) => ({ from, to: relative(folder, target).split(sep).join('/') }));
}

/** A NodeNext import names the compiled file. */
function toSourceFile(target) {
  const candidates = [
    target,
    target.replace(/\.js$/, '.ts'),
    target.replace(/\.js$/, '.tsx'),
    `${target}.ts`,
    `${target}.tsx`,
  ];
  const found = candidates.find((candidate) => SOURCE.test(candidate) && existsSync(candidate));
  return found ?? target;
}

function roomOf(path, nested) {
  const [first = '', second = ''] = path.split('/');
  return nested.includes(first) && path.split('/').length > 2 ? `${first}/${second}` : first;
}

/** One circle for each edge that closes one, found by walking in depth. */
function findCycles(edges) {
  const targets = new Map();
  for (const [from, to] of edges) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  const cycles = [];
  const done = new Set();
  const walk = (node, path) => {
    const start = path.indexOf(node);
    if (start >= 0) return cycles.push([...path.slice(start), node]);
    if (done.has(node)) return;
    for (const target of targets.get(node) ?? []) walk(target, [...path, node]);
    done.add(node);
  };
  for (const node of targets.keys()) walk(node, []);
  return cycles;
}
