import { Int32, Long } from 'bson';
import { type Document, field, isDocument } from '../bson/document.js';
import { encodeKey } from '../bson/keyEncoding.js';
import { splitPath, valuesAt } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { type Found, find, type Query } from '../query/find.js';
import type { Plan } from '../query/planner.js';
import { compileProjection } from '../query/projection.js';
import { parseKeyPattern } from '../storage/catalog.js';
import {
  booleanOption,
  type Command,
  documentOption,
  namespaceOf,
  numberOption,
  type Request,
  stringOption,
} from './request.js';

const FIND_FIELDS = ['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'];

/** The commands that only read, except aggregate. */
export const readingCommands: Record<string, Command> = {
  find: { fields: [...FIND_FIELDS, 'allowDiskUse', 'noCursorTimeout', 'allowPartialResults'], run: runFind },
  getMore: { fields: ['collection', 'batchSize'], run: runGetMore },
  killCursors: { fields: ['cursors'], run: runKillCursors },
  count: { fields: ['query', 'skip', 'limit', 'hint'], run: runCount },
  distinct: { fields: ['key', 'query', 'hint'], run: runDistinct },
  explain: { fields: ['verbosity'], run: runExplain },
};

/** The index name that a hint means, or `$natural`. The hint may be a name or a key. */
export function hintOption(
  { engine }: Request,
  { namespace, part }: { namespace: string; part: Document },
): string | undefined {
  const hint = field(part, 'hint');
  if (hint === undefined || typeof hint === 'string') return hint;
  if (!isDocument(hint))
    throw new CommandError('FailedToParse', "'hint' must be the name or the key of an index");
  const [first] = Object.keys(hint);
  if (first === '$natural' || first === undefined) return first;
  if (Object.keys(hint).length === 1 && first === '_id') return '_id_';
  const key = encodeKey(hint);
  const index = engine.catalog.find(namespace)?.indexes.find(({ spec }) => encodeKey(spec.key).equals(key));
  return index?.name ?? JSON.stringify(hint);
}

/** The sort of a query. Empty if the client wants none. */
export function sortOption(part: Document): ReturnType<typeof parseKeyPattern> {
  const sort = documentOption(part, 'sort') ?? {};
  if (Object.hasOwn(sort, '$natural')) throw notSupported("The sort '$natural'", 'BadValue');
  return parseKeyPattern(sort);
}

interface Reading {
  namespace: string;
  part: Document;
  filterName: string;
}

/** Finds the documents that a command selects by its filter (or query), sort, skip, limit and hint. */
function findRequested(request: Request, { namespace, part, filterName }: Reading): Found {
  const hint = hintOption(request, { namespace, part });
  const query: Query = {
    filter: compileFilter(documentOption(part, filterName) ?? {}),
    sort: sortOption(part),
    skip: numberOption(part, 'skip') ?? 0,
    limit: numberOption(part, 'limit') ?? 0,
    ...(hint !== undefined && { hint }),
  };
  const collection = request.engine.catalog.find(namespace);
  if (collection) return find(request.engine.store, collection, query);
  const plan: Plan = { index: undefined, ranges: [], reverse: false, sorted: true };
  return { plan, cost: { keysExamined: 0, documentsExamined: 0 }, documents: [] };
}

function runFind(request: Request): Document {
  const { body, engine, now } = request;
  const namespace = namespaceOf(request, 'find');
  const { documents } = findRequested(request, { namespace, part: body, filterName: 'filter' });
  const project = compileProjection(documentOption(body, 'projection') ?? {});
  const batchSize = numberOption(body, 'batchSize');
  const projected = mapLazily(documents, ({ document }) => project(document));
  const single = booleanOption(body, 'singleBatch') ?? false;
  return engine.cursors.open({
    namespace,
    documents: projected,
    single,
    now,
    ...(batchSize !== undefined && { batchSize }),
  });
}

function* mapLazily<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}

function runGetMore({ body, engine, now }: Request): Document {
  const batchSize = numberOption(body, 'batchSize');
  return engine.cursors.next({ id: String(field(body, 'getMore')), now, ...(batchSize && { batchSize }) });
}

function runKillCursors({ body, engine }: Request): Document {
  const ids = field(body, 'cursors');
  if (!Array.isArray(ids)) throw new CommandError('TypeMismatch', "'cursors' must be an array");
  const killed = ids.filter((id) => id instanceof Long && engine.cursors.kill(id.toString()));
  const notFound = ids.filter((id) => !killed.includes(id));
  return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] };
}

function runCount(request: Request): Document {
  const namespace = namespaceOf(request, 'count');
  const { documents } = findRequested(request, { namespace, part: request.body, filterName: 'query' });
  return { n: new Int32([...mapLazily(documents, () => 1)].length) };
}

function runDistinct(request: Request): Document {
  const namespace = namespaceOf(request, 'distinct');
  const names = splitPath(stringOption(request.body, 'key'));
  const { documents } = findRequested(request, { namespace, part: request.body, filterName: 'query' });
  const values = new Map<string, unknown>();
  for (const { document } of documents) {
    for (const value of valuesAt(document, names).flat()) {
      const key = encodeKey(value).toString('latin1');
      if (value !== undefined && !values.has(key)) values.set(key, value);
    }
  }
  return { values: [...values.values()] };
}

/** Explains a find: returns the plan in MongoDB's terms, and what the query cost. */
function runExplain(request: Request): Document {
  const part = documentOption(request.body, 'explain') ?? {};
  if (!Object.hasOwn(part, 'find')) throw notSupported(`Explaining ${Object.keys(part)[0] ?? 'nothing'}`);
  const namespace = namespaceOf({ ...request, body: part }, 'find');
  const { plan, cost, documents } = findRequested(request, { namespace, part, filterName: 'filter' });
  const nReturned = [...mapLazily(documents, () => 1)].length;
  return {
    queryPlanner: { namespace, winningPlan: describePlan(plan) },
    executionStats: {
      nReturned,
      totalKeysExamined: cost.keysExamined,
      totalDocsExamined: cost.documentsExamined,
    },
  };
}

function describePlan({ index, reverse, sorted }: Plan): Document {
  const direction = reverse ? 'backward' : 'forward';
  const reading = index
    ? {
        stage: 'FETCH',
        inputStage: {
          stage: 'IXSCAN',
          indexName: index.name,
          keyPattern: index.spec.key,
          isMultiKey: index.multikey,
          direction,
        },
      }
    : { stage: 'COLLSCAN', direction };
  return sorted ? reading : { stage: 'SORT', inputStage: reading };
}
