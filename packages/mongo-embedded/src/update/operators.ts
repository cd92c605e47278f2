import { Timestamp } from 'bson';
import { type Document, field, isDocument } from '../bson/document.js';
import { compareValues, equalValues } from '../bson/keyEncoding.js';
import { addNumbers, isNumber, toNumber } from '../bson/numbers.js';
import { getAt, setAt, unsetAt } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import { equals, typeAlias } from '../query/comparison.js';
import { compileFilter } from '../query/filter.js';

/** One operator and the path of the document that it changes in place. */
export interface Change {
  target: Document;
  path: string;
  operand: unknown;
  now: number;
}

/** The update operators by name. The caller applies `$setOnInsert` only to an insert. */
export const updateOperators: Record<string, (change: Change) => void> = {
  $set: ({ target, path, operand }) => setAt(target, path, operand),
  $setOnInsert: ({ target, path, operand }) => setAt(target, path, operand),
  $unset: ({ target, path }) => unsetAt(target, path),
  $inc: increment,
  $min: (change) => replaceIf(change, (order) => order < 0),
  $max: (change) => replaceIf(change, (order) => order > 0),
  $currentDate: ({ target, path, operand, now }) => setAt(target, path, currentDate(operand, now)),
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
};

function increment({ target, path, operand }: Change): void {
  if (!isNumber(operand)) {
    throw new CommandError(
      'TypeMismatch',
      `Cannot increment with non-numeric argument: {${path}: ${String(operand)}}`,
    );
  }
  const current = getAt(target, path);
  if (current !== undefined && !isNumber(current)) {
    throw new CommandError(
      'TypeMismatch',
      `Cannot apply $inc to the field '${path}' of non-numeric type ${typeAlias(current)}`,
    );
  }
  setAt(target, path, current === undefined ? operand : addNumbers(current, operand));
}

function replaceIf({ target, path, operand }: Change, wanted: (order: number) => boolean): void {
  const current = getAt(target, path);
  if (current === undefined || wanted(compareValues(operand, current))) setAt(target, path, operand);
}

function currentDate(operand: unknown, now: number): Date | Timestamp {
  if (operand === true || operand === false) return new Date(now);
  const type = isDocument(operand) && Object.keys(operand).length === 1 ? operand.$type : undefined;
  if (type === 'date') return new Date(now);
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(now / 1000), i: 1 });
  throw new CommandError('BadValue', "$currentDate needs true, { $type: 'date' } or { $type: 'timestamp' }");
}

/** `$push`, with `$each`, `$position` and `$slice`. */
function push({ target, path, operand }: Change): void {
  const { items, position, slice } = pushArguments(operand);
  const array = arrayAt({ target, path }, '$push');
  array.splice(position ?? array.length, 0, ...items);
  const kept = slice === undefined ? array : slice < 0 ? array.slice(slice) : array.slice(0, slice);
  setAt(target, path, kept);
}

function pushArguments(operand: unknown): { items: unknown[]; position?: number; slice?: number } {
  if (!isDocument(operand) || field(operand, '$each') === undefined) return { items: [operand] };
  const { $each: items, $position: position, $slice: slice, ...others } = operand;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw notSupported(`${unknown} in $push`, 'BadValue');
  if (!Array.isArray(items))
    throw new CommandError('BadValue', 'The argument to $each in $push must be an array');
  return {
    items,
    ...(position !== undefined && { position: wholeNumber(position, '$position') }),
    ...(slice !== undefined && { slice: wholeNumber(slice, '$slice') }),
  };
}

function wholeNumber(value: unknown, name: string): number {
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number))
    throw new CommandError('BadValue', `The value for ${name} must be a whole number`);
  return number;
}

function addToSet({ target, path, operand }: Change): void {
  const each = isDocument(operand) ? field(operand, '$each') : undefined;
  if (each !== undefined && (!Array.isArray(each) || Object.keys(operand ?? {}).length > 1)) {
    throw new CommandError('BadValue', '$addToSet needs an array in $each and takes no other modifier');
  }
  const array = arrayAt({ target, path }, '$addToSet');
  for (const item of Array.isArray(each) ? each : [operand]) {
    if (!array.some((present) => equalValues(present, item))) array.push(item);
  }
  setAt(target, path, array);
}

/** `$pull`: removes the elements that equal a value, or match operators or a filter. */
function pull({ target, path, operand }: Change): void {
  if (getAt(target, path) === undefined) return;
  const array = arrayAt({ target, path }, '$pull');
  const matches = elementMatcher(operand);
  setAt(
    target,
    path,
    array.filter((element) => !matches(element)),
  );
}

function elementMatcher(operand: unknown): (element: unknown) => boolean {
  if (!isDocument(operand)) {
    const filter = compileFilter({ v: operand });
    return Array.isArray(operand) ? equals(operand) : (element) => filter.matches({ v: element });
  }
  if (Object.keys(operand)[0]?.startsWith('$')) {
    const filter = compileFilter({ v: operand });
    return (element) => filter.matches({ v: element });
  }
  const filter = compileFilter(operand);
  return (element) => isDocument(element) && filter.matches(element);
}

function arrayAt({ target, path }: Pick<Change, 'target' | 'path'>, operator: string): unknown[] {
  const current = getAt(target, path);
  if (current === undefined) return [];
  if (Array.isArray(current)) return current;
  throw new CommandError(
    'BadValue',
    `${operator}: the field '${path}' must be an array but is of type ${typeAlias(current)}`,
  );
}
