import { type Document, field, isDocument } from '../bson/document.js';
import { isNumber, toNumber } from '../bson/numbers.js';
import { CommandError, notSupported } from '../errors.js';
import type { Collection } from '../storage/catalog.js';
import type { Engine } from './engine.js';

/** One command as it arrived, with the engine it runs on. */
export interface Request {
  engine: Engine;
  database: string;
  body: Document;
  /** The database's clock when the command began, in ms since the epoch. */
  now: number;
}

export interface Command {
  /** The fields that it may have besides those that every command may have. */
  fields: readonly string[];
  run: (request: Request) => Document | Promise<Document>;
}

function wrongType(name: string, expected: string): CommandError {
  return new CommandError('TypeMismatch', `BSON field '${name}' is the wrong type, expected ${expected}`);
}

export function documentOption(body: Document, name: string): Document | undefined {
  const value = field(body, name);
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(name, 'object');
  return value;
}

export function documentsOption(body: Document, name: string): Document[] {
  const value = field(body, name);
  if (!Array.isArray(value) || !value.every(isDocument)) throw wrongType(name, 'array of objects');
  return value;
}

export function numberOption(body: Document, name: string): number | undefined {
  const value = field(body, name);
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw wrongType(name, 'number');
  const number = toNumber(value);
  if (!Number.isInteger(number) || number < 0)
    throw new CommandError('BadValue', `'${name}' must be a non-negative whole number`);
  return number;
}

export function booleanOption(body: Document, name: string): boolean | undefined {
  const value = field(body, name);
  if (value === undefined || value === null) return undefined;
  if (isNumber(value)) return toNumber(value) !== 0;
  if (typeof value !== 'boolean') throw wrongType(name, 'bool');
  return value;
}

export function stringOption(body: Document, name: string): string {
  const value = field(body, name);
  if (typeof value !== 'string') throw wrongType(name, 'string');
  return value;
}

/** The namespace `database.collection` of a command. The field `name`, usually the command's own, holds the collection. */
export function namespaceOf({ database, body }: Request, name: string): string {
  const collection = stringOption(body, name);
  if (collection === '' || /[\0$]/.test(collection)) {
    throw new CommandError('InvalidNamespace', `Invalid collection name: '${collection}'`);
  }
  return `${database}.${collection}`;
}

/** Refuses unknown fields in a command, or in a part of it such as one statement of an update. */
export function allowOnly(part: Document, names: readonly string[], where: string): void {
  const unknown = Object.keys(part).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(
      'UnknownField',
      `BSON field '${where}.${unknown}' is an unknown field or not supported by @latchkey/mongo-embedded`,
    );
  }
}

/** The collection of a command. Throws NamespaceNotFound. */
export function existing(request: Request, command: string): Collection {
  const namespace = namespaceOf(request, command);
  const collection = request.engine.catalog.find(namespace);
  if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${namespace}`);
  return collection;
}

/** The size of the first batch of a listing. All rows fit in it if the client sets no size. */
export function batchSizeOf(body: Document): number {
  return numberOption(documentOption(body, 'cursor') ?? {}, 'batchSize') ?? Number.POSITIVE_INFINITY;
}

/** Refuses options that are valid in a command or statement, but would change its result. */
export function checkUnsupported(part: Document): void {
  const locale = documentOption(part, 'collation')?.locale ?? 'simple';
  if (locale !== 'simple') throw notSupported(`The collation '${String(locale)}'`, 'BadValue');
  const arrayFilters = field(part, 'arrayFilters');
  if (Array.isArray(arrayFilters) && arrayFilters.length > 0)
    throw notSupported("'arrayFilters'", 'BadValue');
}
