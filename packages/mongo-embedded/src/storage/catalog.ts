import { type Document, decode, encode, field, isDocument } from '../bson/document.js';
import { isNumber, toNumber } from '../bson/numbers.js';
import { splitPath } from '../bson/paths.js';
import { CommandError } from '../errors.js';
import { isTruthy } from '../query/comparison.js';
import { compileFilter, type Filter } from '../query/filter.js';
import type { KeyPattern } from './indexKeys.js';
import type { KeyRange, Store } from './store.js';

/** An index, as the specification sent to createIndexes describes it. */
export interface Index {
  id: number;
  name: string;
  spec: Document;
  pattern: KeyPattern;
  unique: boolean;
  sparse: boolean;
  expireAfterSeconds?: number;
  partial?: Filter;
  /** Whether an array was ever indexed. A document may then have several entries. */
  multikey: boolean;
}

export interface Collection {
  namespace: string;
  id: number;
  indexes: Index[];
}

/**
 * Describes the collections and indexes. Every key of the store begins with a 32-bit number: 0 for the catalog itself,
 * another one for each collection (its documents by `_id`) and for each index (its entries).
 */
export type Catalog = ReturnType<typeof openCatalog>;

/** The range of all keys that begin with `prefix`; no key component begins with 0xff. */
export function prefixRange(prefix: Buffer): KeyRange {
  return { lower: prefix, upper: Buffer.concat([prefix, Buffer.of(0xff)]) };
}

/** The prefix of a collection's or an index's keys. */
export function keyPrefix(id: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(id);
  return prefix;
}

const catalogPrefix = keyPrefix(0);
const counterKey = Buffer.concat([catalogPrefix, Buffer.of(0)]);

function namespaceKey(namespace: string) {
  return Buffer.concat([catalogPrefix, Buffer.from(namespace, 'utf8')]);
}

export function openCatalog(store: Store) {
  const parsed = new Map<string, { bytes: Buffer; collection: Collection }>();
  const parse = (namespace: string, bytes: Buffer): Collection => {
    const known = parsed.get(namespace);
    if (known?.bytes.equals(bytes)) return known.collection;
    const collection = parseCollection(namespace, decode(bytes));
    parsed.set(namespace, { bytes, collection });
    return collection;
  };
  const find = (namespace: string): Collection | undefined => {
    const bytes = store.get(namespaceKey(namespace));
    return bytes && parse(namespace, bytes);
  };
  const save = (collection: Collection) =>
    store.put(namespaceKey(collection.namespace), encode(formatCollection(collection)));
  /** Within a write: a number never used before. */
  const nextId = (): number => {
    const id = 1 + (store.get(counterKey)?.readUInt32BE() ?? 0);
    store.put(counterKey, keyPrefix(id));
    return id;
  };
  return {
    find,
    save,
    nextId,
    /** All collections, or those of one database. */
    list: (database?: string): Collection[] => {
      const { upper } = prefixRange(catalogPrefix);
      const lower = database === undefined ? namespaceKey('\x01') : namespaceKey(`${database}.`);
      const rows = [
        ...store.entries({ lower, upper: database === undefined ? upper : prefixRange(lower).upper }),
      ];
      return rows.map(({ key, value }) => parse(key.toString('utf8', catalogPrefix.length), value));
    },
    /** Within a write: finds the collection or creates it. */
    ensure: (namespace: string): Collection => {
      const existing = find(namespace);
      if (existing) return existing;
      const collection = { namespace, id: nextId(), indexes: [] };
      save(collection);
      return collection;
    },
    forget: (namespace: string) => store.remove(namespaceKey(namespace)),
  };
}

function formatCollection({ id, indexes }: Collection): Document {
  return {
    id,
    indexes: indexes.map((index) => ({ id: index.id, spec: index.spec, multikey: index.multikey })),
  };
}

function parseCollection(namespace: string, row: Document): Collection {
  const indexes = Array.isArray(row.indexes) ? row.indexes.filter(isDocument) : [];
  return {
    namespace,
    id: storedNumber(row.id),
    indexes: indexes.map((index) => ({
      ...parseIndexSpec(isDocument(index.spec) ? index.spec : {}),
      id: storedNumber(index.id),
      multikey: index.multikey === true,
    })),
  };
}

function storedNumber(value: unknown) {
  return isNumber(value) ? toNumber(value) : Number.NaN;
}

/** Reads an index specification that createIndexes has accepted. */
export function parseIndexSpec(spec: Document): Omit<Index, 'id' | 'multikey'> {
  const key = field(spec, 'key');
  const expireAfterSeconds = field(spec, 'expireAfterSeconds');
  const partial = field(spec, 'partialFilterExpression');
  return {
    name: String(field(spec, 'name')),
    spec,
    pattern: parseKeyPattern(isDocument(key) ? key : {}),
    unique: isTruthy(field(spec, 'unique')),
    sparse: isTruthy(field(spec, 'sparse')),
    ...(isNumber(expireAfterSeconds) && { expireAfterSeconds: toNumber(expireAfterSeconds) }),
    ...(isDocument(partial) && { partial: compileFilter(partial) }),
  };
}

/** Reads `{ field: 1, other: -1 }`; special kinds such as 'text' and 'hashed' are refused. */
export function parseKeyPattern(key: Document): KeyPattern {
  return Object.entries(key).map(([path, direction]) => {
    const sign = isNumber(direction) ? Math.sign(toNumber(direction)) : 0;
    const special = splitPath(path).some((name) => name.startsWith('$'));
    if (special || (sign !== 1 && sign !== -1)) {
      throw new CommandError(
        'BadValue',
        `The key '${path}: ${String(direction)}' is not supported by @latchkey/mongo-embedded: only fields with 1 or -1 are`,
      );
    }
    return [path, sign] as const;
  });
}

/** Within a write: removes all keys of a collection's documents or of an index. */
export function removeKeys(store: Store, id: number): void {
  const keys = Array.from(store.entries(prefixRange(keyPrefix(id))), ({ key }) => key);
  for (const key of keys) store.remove(key);
}
