import { ObjectId } from 'bson';
import { type Document, decode, encode, field, isDocument } from '../bson/document.js';
import { equalValues } from '../bson/keyEncoding.js';
import { setAt, splitPath } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import type { Condition } from '../query/filter.js';
import { updateOperators } from './operators.js';

/** A validated update: a replacement, or operators with their paths. `now` is in ms since the epoch. */
export interface Update {
  isReplacement: boolean;
  apply: (document: Document, now: number) => Document;
  /** Builds the document of an upsert from the filter's equalities and the update. */
  insertion: (conditions: Condition[], now: number) => Document;
}

/** Compiles the update of an update or findAndModify command. Throws an error that names what it does not know. */
export function compileUpdate(update: unknown): Update {
  if (Array.isArray(update)) throw notSupported('An update by an aggregation pipeline', 'BadValue');
  if (!isDocument(update)) throw new CommandError('FailedToParse', 'An update must be a document');
  const isReplacement = !Object.keys(update)[0]?.startsWith('$');
  const apply = isReplacement ? replaceBy(update) : operatorsOf(update);
  return {
    isReplacement,
    apply: (document, now) => apply({ document, now, inserting: false }),
    insertion: (conditions, now) => {
      const seed = isReplacement ? onlyId(conditions) : fromEqualities(conditions);
      const inserted = apply({ document: seed, now, inserting: true });
      return withIdFirst(inserted);
    },
  };
}

/** Puts `_id` first, as MongoDB does. Adds one to a document without. */
export function withIdFirst(document: Document): Document {
  const { _id = new ObjectId(), ...others } = document;
  if (Array.isArray(_id) || (isDocument(_id) && Object.keys(_id)[0]?.startsWith('$'))) {
    throw new CommandError('BadValue', "The '_id' value cannot be an array or hold operators");
  }
  return Object.defineProperties({ _id }, Object.getOwnPropertyDescriptors(others));
}

interface Application {
  document: Document;
  now: number;
  inserting: boolean;
}

function replaceBy(replacement: Document): (application: Application) => Document {
  const operator = Object.keys(replacement).find((name) => name.startsWith('$'));
  if (operator)
    throw new CommandError(
      'FailedToParse',
      `The replacement document must not contain the operator ${operator}`,
    );
  return ({ document }) => {
    const id = field(document, '_id');
    if (id === undefined) return replacement;
    checkId(id, field(replacement, '_id') ?? id);
    return withIdFirst({ ...replacement, _id: id });
  };
}

function operatorsOf(update: Document): (application: Application) => Document {
  const changes = Object.entries(update).flatMap(([operator, paths]) => {
    const change = Object.hasOwn(updateOperators, operator) ? updateOperators[operator] : undefined;
    if (!change)
      throw new CommandError(
        'FailedToParse',
        `Unknown modifier: ${operator} is not supported by @latchkey/mongo-embedded`,
      );
    if (!isDocument(paths))
      throw new CommandError(
        'FailedToParse',
        `Modifiers operate on fields, but the operand of ${operator} is not a document`,
      );
    return Object.entries(paths).map(([path, operand]) => ({ operator, path, operand, change }));
  });
  checkPaths(changes.map(({ path }) => path));
  // MongoDB applies changes in the order of their paths. New fields appear in that order.
  changes.sort((a, b) => comparePaths(a.path, b.path));
  return ({ document, now, inserting }) => {
    const target = decode(encode(document));
    for (const { operator, path, operand, change } of changes) {
      if (operator !== '$setOnInsert' || inserting) change({ target, path, operand, now });
    }
    const id = field(document, '_id');
    if (id !== undefined) checkId(id, field(target, '_id'));
    return target;
  };
}

function checkPaths(paths: string[]): void {
  for (const path of paths) {
    const positional = splitPath(path).find((name) => name.startsWith('$'));
    if (positional) throw notSupported(`The positional operator '${positional}' in '${path}'`, 'BadValue');
  }
  const sorted = paths.map((path) => `${path}.`).sort();
  const clash = sorted.find(
    (path, position) => position > 0 && path.startsWith(sorted[position - 1] ?? path),
  );
  if (clash) {
    const path = clash.slice(0, -1);
    throw new CommandError(
      'ConflictingUpdateOperators',
      `Updating the path '${path}' would create a conflict at '${path}'`,
    );
  }
}

function comparePaths(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function checkId(before: unknown, after: unknown): void {
  if (!equalValues(before, after)) {
    throw new CommandError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
}

function fromEqualities(conditions: Condition[]): Document {
  const document: Document = {};
  for (const { path, operator, operand } of conditions) {
    if (operator === '$eq') setAt(document, path, operand);
  }
  return document;
}

function onlyId(conditions: Condition[]): Document {
  return fromEqualities(conditions.filter(({ path }) => path === '_id'));
}
