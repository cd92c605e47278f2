import { type Document, decode, encode, field } from '../bson/document.js';
import { encodeKey } from '../bson/keyEncoding.js';
import { CommandError } from '../errors.js';
import { type Catalog, type Collection, type Index, keyPrefix, prefixRange } from './catalog.js';
import { encodeTuple, indexKeys } from './indexKeys.js';
import { checkKeyLength, type Store } from './store.js';

/** A document and the key under which it is stored. */
export interface StoredDocument {
  key: Buffer;
  document: Document;
}

/** Changes documents and index entries together. Use it only within a write. */
export type Records = ReturnType<typeof openRecords>;

/** The key of the document with that `_id`. */
function documentKey(collection: Collection, id: unknown): Buffer {
  return Buffer.concat([keyPrefix(collection.id), encodeKey(id)]);
}

/** An index entry: its key and its values. */
export interface Entry {
  /** Prefix and values; for a unique index no two documents may share it. */
  head: Buffer;
  key: Buffer;
  tuple: unknown[];
}

/** The entries of a document in an index: none if the index is partial or sparse and leaves the document out. */
export function entriesOf(index: Index, stored: StoredDocument): { entries: Entry[]; multikey: boolean } {
  if (index.partial && !index.partial.matches(stored.document)) return { entries: [], multikey: false };
  const { tuples, multikey } = indexKeys(stored.document, index.pattern);
  const id = encodeKey(field(stored.document, '_id'));
  const entries = new Map<string, Entry>();
  for (const tuple of tuples) {
    if (index.sparse && tuple.every((value) => value === undefined)) continue;
    const head = Buffer.concat([keyPrefix(index.id), encodeTuple(tuple, index.pattern)]);
    entries.set(head.toString('latin1'), { head, key: Buffer.concat([head, id]), tuple });
  }
  return { entries: [...entries.values()], multikey };
}

export function openRecords(store: Store, catalog: Catalog) {
  const checkUnique = (
    collection: Collection,
    index: Index,
    { entry, owner }: { entry: Entry; owner: Buffer },
  ) => {
    if (!index.unique) return;
    for (const { value } of store.entries(prefixRange(entry.head))) {
      if (!value.equals(owner)) throw duplicateKey(collection, index, entry.tuple);
    }
  };
  const markMultikey = (collection: Collection, index: Index) => {
    if (index.multikey) return;
    index.multikey = true;
    catalog.save(collection);
  };
  /** Checks everything before it writes anything, so that a refused document leaves no trace. */
  const change = (
    collection: Collection,
    key: Buffer,
    { before, after }: { before?: Document; after?: Document },
  ) => {
    const bytes = after && encode(after);
    const changes = collection.indexes.map((index) => {
      const old = before ? entriesOf(index, { key, document: before }).entries : [];
      const { entries, multikey } = after
        ? entriesOf(index, { key, document: after })
        : { entries: [], multikey: false };
      const added = entries.filter((entry) => !old.some((other) => other.key.equals(entry.key)));
      const removed = old.filter((entry) => !entries.some((other) => other.key.equals(entry.key)));
      for (const entry of added) {
        checkKeyLength(entry.key);
        checkUnique(collection, index, { entry, owner: key });
      }
      return { index, added, removed, multikey };
    });
    for (const { index, added, removed, multikey } of changes) {
      for (const entry of removed) store.remove(entry.key);
      for (const entry of added) store.put(entry.key, key);
      if (multikey) markMultikey(collection, index);
    }
    if (bytes) store.put(key, bytes);
    else store.remove(key);
  };
  return {
    insert: (collection: Collection, document: Document) => {
      const id = field(document, '_id');
      const key = documentKey(collection, id);
      checkKeyLength(key);
      if (store.get(key)) throw duplicateKey(collection, idIndex(collection), [id]);
      change(collection, key, { after: document });
    },
    replace: (collection: Collection, { key, document: before }: StoredDocument, after: Document) =>
      change(collection, key, { before, after }),
    remove: (collection: Collection, { key, document }: StoredDocument) =>
      change(collection, key, { before: document }),
    /** Adds an index to a collection and fills it from the documents. */
    buildIndex: (collection: Collection, index: Index) => {
      for (const { key, value } of store.entries(prefixRange(keyPrefix(collection.id)))) {
        const { entries, multikey } = entriesOf(index, { key, document: decode(value) });
        for (const entry of entries) {
          checkKeyLength(entry.key);
          checkUnique(collection, index, { entry, owner: key });
          store.put(entry.key, key);
        }
        if (multikey) index.multikey = true;
      }
      catalog.save({ ...collection, indexes: [...collection.indexes, index] });
    },
  };
}

/** The index on `_id`, which is the order of the documents themselves. */
export function idIndex(collection: Collection): Index {
  const spec = { v: 2, key: { _id: 1 }, name: '_id_' };
  return {
    id: collection.id,
    name: '_id_',
    spec,
    pattern: [['_id', 1]],
    unique: true,
    sparse: false,
    multikey: false,
  };
}

function duplicateKey(collection: Collection, index: Index, tuple: unknown[]): CommandError {
  const values = index.pattern.map(([path], position) => {
    const value = tuple[position];
    return [path, value === undefined || typeof value === 'symbol' ? null : value] as const;
  });
  const shown = values.map(([path, value]) => `${path}: ${describe(value)}`).join(', ');
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.namespace} index: ${index.name} dup key: { ${shown} }`,
    { keyPattern: index.spec.key, keyValue: Object.fromEntries(values) },
  );
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
