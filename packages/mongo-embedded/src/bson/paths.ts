import { CommandError } from '../errors.js';
import { type Document, field, isDocument, setField } from './document.js';

/** Splits a dotted path. Throws on an empty name, as MongoDB does. */
export function splitPath(path: string): string[] {
  const names = path.split('.');
  if (names.includes(''))
    throw new CommandError('EmptyFieldName', `The path '${path}' contains an empty field name`);
  return names;
}

/** Whether a name in a path can be an array position. */
export function isPosition(name: string): boolean {
  return /^(0|[1-9]\d{0,6})$/.test(name);
}

/**
 * All values that a path reaches. Like MongoDB's queries, it goes through arrays of documents. A name that a document
 * does not have gives `undefined`. A name in an array without documents gives no value.
 */
export function valuesAt(value: unknown, names: readonly string[]): unknown[] {
  const [name, ...rest] = names;
  if (name === undefined) return [value];
  if (isDocument(value)) return valuesAt(field(value, name), rest);
  if (!Array.isArray(value)) return [undefined];
  const positional = isPosition(name) && Number(name) < value.length;
  // The rest of the path also searches a nested array at that position. Of the elements it searches only documents.
  const atPosition = positional ? valuesAt(value[Number(name)], rest) : [];
  return [...atPosition, ...value.filter(isDocument).flatMap((element) => valuesAt(element, names))];
}

/** Sets the value at a path. Creates missing documents, and fills arrays up with nulls. */
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

/** The value at a path for an update operator: it goes into arrays only by position. */
export function getAt(target: Document, path: string): unknown {
  return splitPath(path).reduce<unknown>(child, target);
}

/** Removes the value at a path. In an array, null takes its place. */
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

interface Assignment {
  parent: unknown;
  name: string;
  value: unknown;
  path: string;
}

function assign({ parent, name, value, path }: Assignment): void {
  if (isDocument(parent)) {
    setField(parent, name, value);
    return;
  }
  if (!Array.isArray(parent) || !isPosition(name)) {
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${name}' at '${path}': its parent is not a document`,
    );
  }
  const position = Number(name);
  if (position > parent.length + MAX_PADDING)
    throw new CommandError('BadValue', `The position in '${path}' is too large`);
  while (parent.length < position) parent.push(null);
  parent[position] = value;
}
