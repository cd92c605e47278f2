import type { Document } from '../bson/document.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { type Collection, removeKeys } from '../storage/catalog.js';
import { idIndex } from '../storage/records.js';
import { validateCollection } from '../storage/validate.js';
import type { Engine } from './engine.js';
import { batchSizeOf, type Command, documentOption, existing, namespaceOf, type Request } from './request.js';

/** The commands that create, list, check and drop collections. */
export const collectionCommands: Record<string, Command> = {
  create: { fields: [], run: runCreate },
  drop: { fields: [], run: runDrop },
  dropDatabase: { fields: [], run: runDropDatabase },
  listCollections: {
    fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run: runListCollections,
  },
  listDatabases: { fields: ['nameOnly', 'authorizedDatabases'], run: runListDatabases },
  validate: { fields: ['full'], run: runValidate },
};

function runCreate(request: Request): Promise<Document> {
  const { engine } = request;
  const namespace = namespaceOf(request, 'create');
  return engine.store.write(() => {
    if (engine.catalog.find(namespace))
      throw new CommandError('NamespaceExists', `Collection ${namespace} already exists.`);
    engine.catalog.ensure(namespace);
    return {};
  });
}

function runDrop(request: Request): Promise<Document> {
  return request.engine.store.write(() => {
    const collection = existing(request, 'drop');
    dropCollection(request.engine, collection);
    return { nIndexesWas: collection.indexes.length + 1, ns: collection.namespace };
  });
}

function runDropDatabase({ engine, database }: Request): Promise<Document> {
  return engine.store.write(() => {
    for (const collection of engine.catalog.list(database)) dropCollection(engine, collection);
    return { dropped: database };
  });
}

function dropCollection(engine: Engine, collection: Collection): void {
  for (const { id } of [idIndex(collection), ...collection.indexes]) removeKeys(engine.store, id);
  engine.catalog.forget(collection.namespace);
}

function runListCollections({ engine, database, body, now }: Request): Document {
  const filter = compileFilter(documentOption(body, 'filter') ?? {});
  const rows: Document[] = engine.catalog.list(database).map(({ namespace }) => ({
    name: namespace.slice(database.length + 1),
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
  }));
  const documents = rows.filter((row) => filter.matches(row));
  return engine.cursors.open({
    namespace: `${database}.$cmd.listCollections`,
    documents,
    batchSize: batchSizeOf(body),
    now,
  });
}

function runListDatabases({ engine }: Request): Document {
  const names = new Set(
    engine.catalog.list().map(({ namespace }) => namespace.slice(0, namespace.indexOf('.'))),
  );
  return { databases: [...names].map((name) => ({ name, sizeOnDisk: 0, empty: false })), totalSize: 0 };
}

function runValidate(request: Request): Document {
  return validateCollection(request.engine.store, existing(request, 'validate'));
}
