import { type Document, encode } from '../bson/document.js';
import { compileFilter } from '../query/filter.js';
import { find, type Query } from '../query/find.js';
import type { Collection } from '../storage/catalog.js';
import type { StoredDocument } from '../storage/records.js';
import type { Update } from '../update/applyUpdate.js';
import { hintOption, sortOption } from './reading.js';
import { checkUnsupported, documentOption, type Request } from './request.js';

interface Selection {
  namespace: string;
  part: Document;
  filterName: string;
  limit: number;
}

/** Finds the documents that a statement selects. All are read before one is changed. */
export function findAll(
  request: Request,
  { namespace, part, filterName, limit }: Selection,
): StoredDocument[] {
  checkUnsupported(part);
  const collection = request.engine.catalog.find(namespace);
  const hint = hintOption(request, { namespace, part });
  const filter = compileFilter(documentOption(part, filterName) ?? {});
  const query: Query = { filter, sort: sortOption(part), limit, ...(hint !== undefined && { hint }) };
  return collection ? [...find(request.engine.store, collection, query).documents] : [];
}

export function upsert(
  { engine, now }: Request,
  namespace: string,
  { update, filter }: { update: Update; filter: Document },
): Document {
  const document = update.insertion(compileFilter(filter).conditions, now);
  engine.records.insert(engine.catalog.ensure(namespace), document);
  return document;
}

interface ChangeOptions {
  collection: Collection;
  stored: StoredDocument;
  update: Update;
}

export function change(
  { engine, now }: Request,
  { collection, stored, update }: ChangeOptions,
): { document: Document; modified: boolean } {
  const document = update.apply(stored.document, now);
  const modified = !encode(document).equals(encode(stored.document));
  if (modified) engine.records.replace(collection, stored, document);
  return { document, modified };
}
