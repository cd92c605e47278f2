import { type Document, decode } from '../bson/document.js';
import type { Collection } from '../storage/catalog.js';
import { type KeyPattern, sortKey } from '../storage/indexKeys.js';
import type { StoredDocument } from '../storage/records.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { type Plan, planQuery } from './planner.js';

export interface Query {
  filter: Filter;
  sort?: KeyPattern;
  skip?: number;
  /** 0 means no limit. */
  limit?: number;
  hint?: string;
}

/** What a query has read so far. */
interface Cost {
  keysExamined: number;
  documentsExamined: number;
}

export interface Found {
  plan: Plan;
  cost: Cost;
  documents: Iterable<StoredDocument>;
}

/** Plans a query. Reads its documents lazily, so that a cursor or a limit ends the work early. */
export function find(store: Store, collection: Collection, query: Query): Found {
  const { filter, sort = [], hint } = query;
  const plan = planQuery({ collection, filter, sort, ...(hint !== undefined && { hint }) });
  const cost: Cost = { keysExamined: 0, documentsExamined: 0 };
  const matching = readMatching({ store, collection, filter, plan, cost });
  const ordered = plan.sorted ? matching : sortBy(matching, ({ document }) => document, sort);
  return { plan, cost, documents: slice(ordered, query) };
}

interface Reading {
  store: Store;
  collection: Collection;
  filter: Filter;
  plan: Plan;
  cost: Cost;
}

function* readMatching({ store, collection, filter, plan, cost }: Reading): Generator<StoredDocument> {
  const seen = new Set<string>();
  const byKey = plan.index === undefined || plan.index.id === collection.id;
  const ranges = plan.reverse ? plan.ranges.toReversed() : plan.ranges;
  for (const range of ranges) {
    for (const entry of store.entries(range, plan.reverse)) {
      if (plan.index) cost.keysExamined++;
      const key = byKey ? entry.key : entry.value;
      if (plan.index?.multikey && !addNew(seen, key.toString('latin1'))) continue;
      // The document may have been deleted between two batches of a cursor.
      const bytes = byKey ? entry.value : store.get(key);
      if (!bytes) continue;
      cost.documentsExamined++;
      const document = decode(bytes);
      if (filter.matches(document)) yield { key, document };
    }
  }
}

function addNew(seen: Set<string>, key: string): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

function* slice(
  documents: Iterable<StoredDocument>,
  { skip = 0, limit = 0 }: Query,
): Generator<StoredDocument> {
  let position = 0;
  for (const stored of documents) {
    position++;
    if (position > skip) yield stored;
    if (limit > 0 && position >= skip + limit) return;
  }
}

/** Sorts items by their documents. Items with equal keys keep their order. */
export function sortBy<T>(items: Iterable<T>, documentOf: (item: T) => Document, sort: KeyPattern): T[] {
  const keyed = Array.from(items, (item) => ({ item, order: sortKey(documentOf(item), sort) }));
  return keyed.sort((a, b) => Buffer.compare(a.order, b.order)).map(({ item }) => item);
}
