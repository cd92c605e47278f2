import { type Document, encode, field, isDocument } from '../bson/document.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { type Collection, type Index, parseIndexSpec, removeKeys } from '../storage/catalog.js';
import { idIndex } from '../storage/records.js';
import type { Engine } from './engine.js';
import {
  allowOnly,
  batchSizeOf,
  type Command,
  documentsOption,
  existing,
  namespaceOf,
  type Request,
} from './request.js';

/** The commands that create, list and drop indexes. */
export const indexCommands: Record<string, Command> = {
  createIndexes: { fields: ['indexes'], run: runCreateIndexes },
  listIndexes: { fields: ['cursor'], run: runListIndexes },
  dropIndexes: { fields: ['index'], run: runDropIndexes },
};

function runListIndexes(request: Request): Document {
  const { engine, body, now } = request;
  const collection = existing(request, 'listIndexes');
  const documents = [idIndex(collection), ...collection.indexes].map(({ spec }) => ({ v: 2, ...spec }));
  return engine.cursors.open({
    namespace: collection.namespace,
    documents,
    batchSize: batchSizeOf(body),
    now,
  });
}

const INDEX_FIELDS = [
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'expireAfterSeconds',
  'partialFilterExpression',
  'background',
];

function runCreateIndexes(request: Request): Promise<Document> {
  const { engine } = request;
  const namespace = namespaceOf(request, 'createIndexes');
  const specs = documentsOption(request.body, 'indexes').map(checkSpec);
  return engine.store.write(() => {
    const createdCollectionAutomatically = engine.catalog.find(namespace) === undefined;
    const numIndexesBefore = engine.catalog.ensure(namespace).indexes.length + 1;
    for (const spec of specs) createIndex(engine, engine.catalog.ensure(namespace), spec);
    const numIndexesAfter = engine.catalog.ensure(namespace).indexes.length + 1;
    return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically };
  });
}

/** Checks the specification of an index. Drops fields without effect (`background`, a false `unique`). */
function checkSpec(raw: Document): Document {
  allowOnly(raw, INDEX_FIELDS, 'createIndexes.indexes');
  const { background: _ignored, ...spec } = raw;
  if (!isDocument(spec.key) || Object.keys(spec.key).length === 0 || typeof spec.name !== 'string') {
    throw new CommandError('CannotCreateIndex', 'An index needs a name and a key');
  }
  const index = refuseKind(spec);
  if (
    'expireAfterSeconds' in spec &&
    (index.pattern.length > 1 || !((index.expireAfterSeconds ?? -1) >= 0))
  ) {
    throw new CommandError(
      'CannotCreateIndex',
      'expireAfterSeconds needs a number of seconds and a single field',
    );
  }
  const condition = index.partial?.conditions.find(({ operator }) => !PARTIAL_OPERATORS.includes(operator));
  if (condition)
    throw notSupported(`${condition.operator} in a partialFilterExpression`, 'CannotCreateIndex');
  if (spec.partialFilterExpression !== undefined && !onlyConditions(spec.partialFilterExpression)) {
    throw notSupported('This partialFilterExpression', 'CannotCreateIndex');
  }
  if (index.sparse && index.partial)
    throw new CommandError('CannotCreateIndex', 'An index cannot be both sparse and partial');
  return Object.fromEntries(
    Object.entries(spec).filter(([name, value]) => value !== false || name === 'name'),
  );
}

const PARTIAL_OPERATORS = ['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type'];

function refuseKind(spec: Document): Omit<Index, 'id' | 'multikey'> {
  try {
    return parseIndexSpec(spec);
  } catch (error) {
    throw error instanceof CommandError ? new CommandError('CannotCreateIndex', error.message) : error;
  }
}

/** Whether the planner understands the whole filter of a partial index: conditions on fields, joined only by `$and`. */
function onlyConditions(expression: unknown): boolean {
  if (!isDocument(expression)) return false;
  return Object.entries(expression).every(([name, operand]) => {
    if (name === '$and') return Array.isArray(operand) && operand.every(onlyConditions);
    const negates =
      isDocument(operand) &&
      Object.entries(operand).some(([operator, value]) => operator === '$exists' && value !== true);
    return !name.startsWith('$') && !negates && compileFilter({ [name]: operand }).conditions.length > 0;
  });
}

function createIndex(engine: Engine, collection: Collection, spec: Document): void {
  const parsed = parseIndexSpec(spec);
  if (sameBytes(spec.key, { _id: 1 })) return;
  const sameName = collection.indexes.find(({ name }) => name === parsed.name);
  if (sameName && !sameBytes(sameName.spec.key, spec.key)) {
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${parsed.name}`,
    );
  }
  const sameKey = collection.indexes.find((index) => sameBytes(index.spec.key, spec.key));
  if (sameKey && sameOptions(sameKey.spec, spec)) return;
  if (sameKey) {
    throw new CommandError(
      'IndexOptionsConflict',
      `An equivalent index already exists with a different name or options: ${sameKey.name}`,
    );
  }
  engine.records.buildIndex(collection, { ...parsed, id: engine.catalog.nextId(), multikey: false });
}

function sameBytes(left: unknown, right: unknown): boolean {
  return encode({ v: normalized(left) }).equals(encode({ v: normalized(right) }));
}

function sameOptions(left: Document, right: Document): boolean {
  const names = ['name', 'unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'];
  return names.every((name) => sameBytes(field(left, name), field(right, name)));
}

/** Makes index keys and options comparable by value: a direction of 1 may be an Int32 or a Double. */
function normalized(value: unknown): unknown {
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normalized(part)]));
  return String(value);
}

function runDropIndexes(request: Request): Promise<Document> {
  const { engine, body } = request;
  return engine.store.write(() => {
    const collection = existing(request, 'dropIndexes');
    const dropped = indexesToDrop(collection, field(body, 'index'));
    for (const { id } of dropped) removeKeys(engine.store, id);
    engine.catalog.save({
      ...collection,
      indexes: collection.indexes.filter((index) => !dropped.includes(index)),
    });
    return { nIndexesWas: collection.indexes.length + 1 };
  });
}

function indexesToDrop(collection: Collection, wanted: unknown): Index[] {
  if (wanted === '*') return collection.indexes;
  const names = Array.isArray(wanted) ? wanted : [wanted];
  if (names.includes('_id_')) throw new CommandError('InvalidOptions', 'cannot drop _id index');
  return names.map((name) => {
    const index = collection.indexes.find(
      ({ spec }) => spec.name === name || (isDocument(name) && sameBytes(spec.key, name)),
    );
    if (!index) throw new CommandError('IndexNotFound', `index not found with name [${String(name)}]`);
    return index;
  });
}
