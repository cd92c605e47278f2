import { BSONRegExp } from 'bson';
import { type Document, field, isDocument, setField } from '../bson/document.js';
import { isNumber } from '../bson/numbers.js';
import { splitPath } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import { isTruthy } from './comparison.js';

/** Returns the wanted part of a document. */
export type Projection = (document: Document) => Document;

/** A tree of names; `true` marks the end of a path. */
type Tree = Map<string, Tree | true>;

/** Compiles `{ a: 1, 'b.c': 1 }` or `{ a: 0 }`. Both may exclude `_id`. Throws an error that names an operator. */
export function compileProjection(spec: Document): Projection {
  const entries = Object.entries(spec).map(([path, value]) => [path, isIncluded(path, value)] as const);
  const others = entries.filter(([path]) => path !== '_id');
  const mode = others[0]?.[1] ?? entries[0]?.[1];
  const odd = others.find(([, included]) => included !== mode);
  if (odd) {
    const kinds = mode ? 'exclusion on field FIELD in inclusion' : 'inclusion on field FIELD in exclusion';
    throw new CommandError('BadValue', `Cannot do ${kinds.replace('FIELD', odd[0])} projection`);
  }
  if (mode === undefined) return (document) => document;
  const idGiven = entries.find(([path]) => path === '_id')?.[1];
  const paths = others.map(([path]) => path);
  if (mode ? (idGiven ?? true) : idGiven === false) paths.push('_id');
  const tree = buildTree(paths);
  return mode ? (document) => include(document, tree) : (document) => exclude(document, tree);
}

function isIncluded(path: string, value: unknown): boolean {
  if (typeof value === 'boolean' || isNumber(value)) return isTruthy(value);
  const operator = isDocument(value) ? Object.keys(value)[0] : undefined;
  if (value instanceof BSONRegExp)
    throw notSupported(`A regular expression as projection of '${path}'`, 'BadValue');
  throw notSupported(`The projection ${operator ?? 'value'} of '${path}'`, 'BadValue');
}

function buildTree(paths: string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    const names = splitPath(path);
    if (names.some((name) => name.startsWith('$')))
      throw notSupported(`The projection path '${path}'`, 'BadValue');
    const last = names.pop() ?? '';
    let parent = tree;
    for (const name of names) {
      const next = parent.get(name) ?? new Map();
      if (next === true) throw collision(path);
      parent.set(name, next);
      parent = next;
    }
    if (parent.has(last)) throw collision(path);
    parent.set(last, true);
  }
  return tree;
}

function collision(path: string) {
  return new CommandError('BadValue', `Path collision at ${path}`);
}

function include(document: Document, tree: Tree): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const branch = tree.get(name);
    if (branch === true) setField(result, name, value);
    else if (branch) {
      const kept = includeWithin(value, branch);
      if (kept !== undefined) setField(result, name, kept);
    }
  }
  return result;
}

/** Keeps the documents and arrays of an array. A scalar has no parts and is left out. */
function includeWithin(value: unknown, tree: Tree): unknown {
  if (isDocument(value)) return include(value, tree);
  if (Array.isArray(value))
    return value.map((item) => includeWithin(item, tree)).filter((item) => item !== undefined);
  return undefined;
}

function exclude(document: Document, tree: Tree): Document {
  const result: Document = {};
  for (const name of Object.keys(document)) {
    const branch = tree.get(name);
    const value = field(document, name);
    if (branch !== true) setField(result, name, branch ? excludeWithin(value, branch) : value);
  }
  return result;
}

function excludeWithin(value: unknown, tree: Tree): unknown {
  if (isDocument(value)) return exclude(value, tree);
  return Array.isArray(value) ? value.map((item) => excludeWithin(item, tree)) : value;
}
