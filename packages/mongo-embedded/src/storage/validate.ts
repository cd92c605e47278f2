import { type Document, decode } from '../bson/document.js';
import { type Collection, type Index, keyPrefix, prefixRange } from './catalog.js';
import { entriesOf } from './records.js';
import type { Store } from './store.js';

/** Checks that documents and index entries agree. The result has the shape of MongoDB's validate command. */
export function validateCollection(store: Store, collection: Collection): Document {
  const errors: string[] = [];
  const keysPerIndex: Document = {};
  let nrecords = 0;
  for (const index of collection.indexes) {
    const { keys, problems } = validateIndex(store, collection, index);
    keysPerIndex[index.name] = keys;
    errors.push(...problems);
  }
  for (const _ of store.entries(prefixRange(keyPrefix(collection.id)))) nrecords++;
  keysPerIndex._id_ = nrecords;
  return {
    ns: collection.namespace,
    nrecords,
    nIndexes: collection.indexes.length + 1,
    keysPerIndex,
    valid: errors.length === 0,
    warnings: [],
    errors,
  };
}

function validateIndex(
  store: Store,
  collection: Collection,
  index: Index,
): { keys: number; problems: string[] } {
  const expected = new Map<string, Buffer>();
  const problems: string[] = [];
  for (const { key, value } of store.entries(prefixRange(keyPrefix(collection.id)))) {
    const { entries, multikey } = entriesOf(index, { key, document: decode(value) });
    if (multikey && !index.multikey)
      problems.push(`${index.name}: holds an array but is not marked as multikey`);
    for (const entry of entries) expected.set(entry.key.toString('latin1'), key);
  }
  let keys = 0;
  for (const { key, value } of store.entries(prefixRange(keyPrefix(index.id)))) {
    keys++;
    const name = key.toString('latin1');
    if (!expected.get(name)?.equals(value)) problems.push(`${index.name}: an entry without its document`);
    expected.delete(name);
  }
  if (expected.size > 0) problems.push(`${index.name}: ${expected.size} entries are missing`);
  return { keys, problems };
}
