import { type Document, field } from '../bson/document.js';
import { CommandError } from '../errors.js';
import { compileUpdate, withIdFirst } from '../update/applyUpdate.js';
import { change, findAll, upsert } from './changes.js';
import {
  allowOnly,
  booleanOption,
  type Command,
  documentOption,
  documentsOption,
  namespaceOf,
  numberOption,
  type Request,
} from './request.js';

/** The commands that change documents by statements. Each command is one transaction. */
export const writingCommands: Record<string, Command> = {
  insert: { fields: ['documents', 'ordered', 'bypassDocumentValidation'], run: runInsert },
  update: { fields: ['updates', 'ordered', 'bypassDocumentValidation'], run: runUpdate },
  delete: { fields: ['deletes', 'ordered'], run: runDelete },
};

function runInsert(request: Request): Promise<Document> {
  const { engine, body } = request;
  const namespace = namespaceOf(request, 'insert');
  const documents = documentsOption(body, 'documents').map((document) => withIdFirst(document));
  return engine.store.write(() => {
    const collection = engine.catalog.ensure(namespace);
    const { done, writeErrors } = runStatements(body, documents, (document) =>
      engine.records.insert(collection, document),
    );
    return { n: done.length, ...writeErrors };
  });
}

function runUpdate(request: Request): Promise<Document> {
  const { engine, body } = request;
  const namespace = namespaceOf(request, 'update');
  return engine.store.write(() => {
    const { done, writeErrors } = runStatements(body, documentsOption(body, 'updates'), (statement) =>
      updateStatement(request, namespace, statement),
    );
    const upserted = done.flatMap(({ result, index }) =>
      result.upserted === undefined ? [] : [{ index, _id: result.upserted }],
    );
    return {
      n: done.reduce((sum, { result }) => sum + result.matched, 0),
      nModified: done.reduce((sum, { result }) => sum + result.modified, 0),
      ...(upserted.length > 0 && { upserted }),
      ...writeErrors,
    };
  });
}

function runDelete(request: Request): Promise<Document> {
  const { engine, body } = request;
  const namespace = namespaceOf(request, 'delete');
  return engine.store.write(() => {
    const { done, writeErrors } = runStatements(body, documentsOption(body, 'deletes'), (statement) => {
      allowOnly(statement, ['q', 'limit', 'hint', 'collation'], 'delete.deletes');
      const collection = engine.catalog.find(namespace);
      const stored = findAll(request, {
        namespace,
        part: statement,
        filterName: 'q',
        limit: numberOption(statement, 'limit') ?? 0,
      });
      if (collection) for (const each of stored) engine.records.remove(collection, each);
      return stored.length;
    });
    return { n: done.reduce((sum, { result }) => sum + result, 0), ...writeErrors };
  });
}

interface Done<T> {
  index: number;
  result: T;
}

/** Runs the statements of a command and collects their errors. In an ordered command the first error is the last. */
function runStatements<T>(
  body: Document,
  statements: Document[],
  run: (statement: Document) => T,
): { done: Done<T>[]; writeErrors: Document } {
  const ordered = booleanOption(body, 'ordered') ?? true;
  const done: Done<T>[] = [];
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      done.push({ index, result: run(statement) });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return { done, writeErrors: writeErrors.length > 0 ? { writeErrors } : {} };
}

interface UpdateResult {
  matched: number;
  modified: number;
  upserted?: unknown;
}

function updateStatement(request: Request, namespace: string, statement: Document): UpdateResult {
  allowOnly(
    statement,
    ['q', 'u', 'multi', 'upsert', 'hint', 'collation', 'arrayFilters', 'sort'],
    'update.updates',
  );
  const multi = booleanOption(statement, 'multi') ?? false;
  const update = compileUpdate(field(statement, 'u'));
  if (multi && update.isReplacement)
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  const stored = findAll(request, { namespace, part: statement, filterName: 'q', limit: multi ? 0 : 1 });
  if (stored.length === 0 && booleanOption(statement, 'upsert')) {
    const inserted = upsert(request, namespace, { update, filter: documentOption(statement, 'q') ?? {} });
    return { matched: 1, modified: 0, upserted: inserted._id };
  }
  const collection = request.engine.catalog.find(namespace);
  if (!collection) return { matched: 0, modified: 0 };
  const changed = stored.filter((each) => change(request, { collection, stored: each, update }).modified);
  return { matched: stored.length, modified: changed.length };
}
