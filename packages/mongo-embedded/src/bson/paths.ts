import { CommandError } from '../errors.js';
import { type Document, field, isDocument, setField } from './document.js';

/** Splits a dotted path. Throws on empty names, which MongoDB cannot address either. */
export function splitPath(path: string): string[] {
  const names = path.split('.');
  if (names.includes(''))
    throw new CommandError('EmptyFieldName', `The path '${path}' contains an empty field name`);
  return names;
}

/** Whether a path's name can be a position in an array. */
export function isPosition(name: string): boolean {
  return /^(0|[1-9]\d{0,6})$/.test(name);
}

/**
 * All values a path reaches, going through arrays of documents as MongoDB's queries do. A name that is missing in
 * a document gives `undefined`; one that is looked for in an array without documents gives nothing.
 */
export function valuesAt(value: unknown, names: readonly string[]): unknown[] {
  const [name, ...rest] = names;
  if (name === undefined) return [value];
  if (isDocument(value)) return valuesAt(field(value, name), rest);
  if (!Array.isArray(value)) return [undefined];
  const positional = isPosition(name) && Number(name) < value.length;
  // A nested array at a position is searched by the rest of the path; other elements only if they are documents.
  const atPosition = positional ? valuesAt(value[Number(name)], rest) : [];
  return [...atPosition, ...value.filter(isDocument).flatMap((element) => valuesAt(element, names))];
}

/** Sets the value at a path, creating documents on the way and growing arrays with nulls. */
export function setAt(target: Document, path: string, value: unknown): void {
  const names = splitPath(path);
  const last = names.pop() ?? '';
  let parent: unknown = target;
  for (const name of names) {
    let next = child(parent, name);
    if (next === undefined) {
      next = {};
      assign({ parent, name, value: next, path });
    }
    parent = next;
  }
  assign({ parent, name: last, value, path });
}

/** The value at a path without going through arrays, except by position: what an update operator works on. */
export function getAt(target: Document, path: string): unknown {
  return splitPath(path).reduce<unknown>(child, target);
}

/** Removes the value at a path; an array keeps its length and gets a null there. */
export function unsetAt(target: Document, path: string): void {
  const names = splitPath(path);
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>(child, target);
  if (isDocument(parent)) delete parent[last];
  else if (Array.isArray(parent) && isPosition(last) && Number(last) < parent.length)
    parent[Number(last)] = null;
}

function child(parent: unknown, name: string): unknown {
  if (isDocument(parent)) return field(parent, name);
  if (Array.isArray(parent) && isPosition(name)) return parent[Number(name)];
  return undefined;
}

const MAX_PADDING = 1_500_000;

function assign({
  parent,
  name,
  value,
  path,
}: {
  parent: unknown;
  name: string;
  value: unknown;
  path: string;
}): void {
  if (isDocument(parent)) {
    setField(parent, name, value);
    return;
  }
  if (!Array.isArray(parent) || !isPosition(name)) {
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${name}' in the value at '${path}': it is no document`,
    );
  }
  const position = Number(name);
  if (position > parent.length + MAX_PADDING)
    throw new CommandError('BadValue', `The position in '${path}' is too large`);
  while (parent.length < position) parent.push(null);
  parent[position] = value;
}
