import { type Document, field, isDocument } from '../bson/document.js';
import { complement, encodeKey } from '../bson/keyEncoding.js';
import { isPosition, splitPath } from '../bson/paths.js';
import { CommandError } from '../errors.js';

/** The fields of an index or a sort, in order: `[path, 1]` ascending, `[path, -1]` descending. */
export type KeyPattern = readonly (readonly [path: string, direction: 1 | -1])[];

/** What one document contributes to an index. */
export interface IndexKeys {
  /** One tuple of values for each entry; a missing field's value is `undefined`. */
  tuples: unknown[][];
  /** Whether an array is among the values: it may make several entries. */
  multikey: boolean;
}

/**
 * Returns the tuples by which a document is indexed or sorted. An array contributes each of its elements. Several paths
 * may go through one array, but not through two.
 */
export function indexKeys(document: Document, pattern: KeyPattern): IndexKeys {
  const slots = pattern.map(([path]) => advance({ value: document, rest: splitPath(path) }));
  const array = slots.find(isPending)?.value;
  return { tuples: unwind(slots), multikey: array !== undefined };
}

/** Encodes a tuple so that bytes compare in the pattern's directions. */
export function encodeTuple(tuple: readonly unknown[], pattern: KeyPattern): Buffer {
  return Buffer.concat(
    pattern.map(([, direction], position) => {
      // A missing field is sorted and found as null.
      const value = tuple[position] === undefined ? null : tuple[position];
      const encoded = value === emptyArray ? encodeKey(undefined) : encodeKey(value);
      return direction === 1 ? encoded : complement(encoded);
    }),
  );
}

/** The key that sorts a document: the least of its tuples in the pattern's directions. */
export function sortKey(document: Document, pattern: KeyPattern): Buffer {
  const keys = indexKeys(document, pattern).tuples.map((tuple) => encodeTuple(tuple, pattern));
  return keys.reduce((least, key) => (Buffer.compare(key, least) < 0 ? key : least));
}

/** MongoDB indexes an empty array below null, unlike a missing field. */
const emptyArray = Symbol('empty array');

interface Slot {
  value: unknown;
  rest: string[];
  done?: boolean;
}

function isPending(slot: Slot) {
  return slot.done !== true && Array.isArray(slot.value);
}

/** Follows a path through documents (and array positions) to its value, or to an array that must be unwound. */
function advance(slot: Slot): Slot {
  const [name, ...rest] = slot.rest;
  if (name === undefined) return slot;
  if (isDocument(slot.value)) return advance({ value: field(slot.value, name), rest });
  if (!Array.isArray(slot.value)) return { value: undefined, rest: [], done: true };
  if (!isPosition(name) || Number(name) >= slot.value.length) return slot;
  if (slot.value.some((element) => isDocument(element) && Object.hasOwn(element, name))) {
    throw new CommandError('BadValue', `Ambiguous field name found in array: '${name}'`);
  }
  return advance({ value: slot.value[Number(name)], rest });
}

function unwind(slots: Slot[]): unknown[][] {
  const array = slots.find(isPending)?.value;
  if (!Array.isArray(array)) return [slots.map((slot) => slot.value)];
  if (slots.some((slot) => isPending(slot) && slot.value !== array)) {
    throw new CommandError('CannotIndexParallelArrays', 'cannot index or sort by parallel arrays');
  }
  const elements: unknown[] = array.length === 0 ? [emptyArray] : array;
  return elements.flatMap((element) =>
    unwind(slots.map((slot) => (isPending(slot) ? enter(slot, element) : slot))),
  );
}

function enter(slot: Slot, element: unknown): Slot {
  // The elements of an array are values: a nested array is not unwound again.
  if (slot.rest.length === 0) return { value: element, rest: [], done: true };
  return isDocument(element)
    ? advance({ value: element, rest: slot.rest })
    : { value: undefined, rest: [], done: true };
}
