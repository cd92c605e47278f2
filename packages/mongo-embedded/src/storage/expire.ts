import { decode } from '../bson/document.js';
import { BRACKET, complement, encodeKey } from '../bson/keyEncoding.js';
import { type Catalog, type Collection, type Index, keyPrefix } from './catalog.js';
import type { Records } from './records.js';
import type { KeyRange, Store } from './store.js';

interface Data {
  store: Store;
  catalog: Catalog;
  records: Records;
}

// Other commands wait for a transaction of this size a few milliseconds only.
const BATCH_SIZE = 500;

/** Deletes every document that has expired by a TTL index at `now` (ms since the epoch). */
export async function deleteExpired(data: Data, now: number): Promise<void> {
  for (const { namespace, indexes } of data.catalog.list()) {
    for (const { name, expireAfterSeconds } of indexes) {
      if (expireAfterSeconds === undefined) continue;
      const latest = new Date(now - expireAfterSeconds * 1000);
      let deleted = BATCH_SIZE;
      while (deleted === BATCH_SIZE)
        deleted = await data.store.write(() => deleteBatch(data, { namespace, name, latest }));
    }
  }
}

function deleteBatch(
  { store, catalog, records }: Data,
  expired: { namespace: string; name: string; latest: Date },
): number {
  const collection = catalog.find(expired.namespace);
  const index = collection?.indexes.find(({ name }) => name === expired.name);
  if (!collection || !index) return 0;
  const keys = expiredKeys(store, index, expired.latest);
  for (const key of keys) removeByKey({ store, records }, collection, key);
  return keys.length;
}

function expiredKeys(store: Store, index: Index, latest: Date): Buffer[] {
  const keys = new Map<string, Buffer>();
  for (const { value } of store.entries(datesUpTo(index, latest))) {
    keys.set(value.toString('latin1'), value);
    if (keys.size === BATCH_SIZE) break;
  }
  return [...keys.values()];
}

function datesUpTo(index: Index, latest: Date): KeyRange {
  const prefix = keyPrefix(index.id);
  const key = encodeKey(latest);
  if (index.pattern[0]?.[1] === -1) {
    return {
      lower: Buffer.concat([prefix, complement(key)]),
      upper: Buffer.concat([prefix, complement(Buffer.of(BRACKET.date - 1))]),
    };
  }
  return {
    lower: Buffer.concat([prefix, Buffer.of(BRACKET.date)]),
    upper: Buffer.concat([prefix, key, Buffer.of(0xff)]),
  };
}

function removeByKey(
  { store, records }: Pick<Data, 'store' | 'records'>,
  collection: Collection,
  key: Buffer,
): void {
  const bytes = store.get(key);
  if (bytes) records.remove(collection, { key, document: decode(bytes) });
}
