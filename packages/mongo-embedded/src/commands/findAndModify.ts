import { type Document, field } from '../bson/document.js';
import { CommandError } from '../errors.js';
import { compileProjection } from '../query/projection.js';
import { compileUpdate } from '../update/applyUpdate.js';
import { change, findAll, upsert } from './changes.js';
import { booleanOption, type Command, documentOption, namespaceOf, type Request } from './request.js';

/** Changes or removes one document and returns it, as one transaction. */
export const findAndModifyCommands: Record<string, Command> = {
  findAndModify: {
    fields: [
      'query',
      'sort',
      'remove',
      'update',
      'new',
      'upsert',
      'fields',
      'hint',
      'arrayFilters',
      'bypassDocumentValidation',
    ],
    run: runFindAndModify,
  },
};

function runFindAndModify(request: Request): Promise<Document> {
  const { engine, body } = request;
  const namespace = namespaceOf(request, 'findAndModify');
  const project = compileProjection(documentOption(body, 'fields') ?? {});
  const projected = (document: Document | undefined) => (document ? project(document) : null);
  const remove = booleanOption(body, 'remove') ?? false;
  const update = remove ? undefined : compileUpdate(field(body, 'update'));
  if (remove && (field(body, 'update') !== undefined || booleanOption(body, 'new'))) {
    throw new CommandError('FailedToParse', "Cannot specify 'update' or 'new' along with 'remove'");
  }
  return engine.store.write(() => {
    const [stored] = findAll(request, { namespace, part: body, filterName: 'query', limit: 1 });
    const wanted = (before: Document | undefined, after: Document) =>
      projected(booleanOption(body, 'new') ? after : before);
    if (!stored) {
      if (!update || !booleanOption(body, 'upsert')) {
        return { lastErrorObject: { n: 0, ...(update && { updatedExisting: false }) }, value: null };
      }
      const inserted = upsert(request, namespace, { update, filter: documentOption(body, 'query') ?? {} });
      return {
        lastErrorObject: { n: 1, updatedExisting: false, upserted: inserted._id },
        value: wanted(undefined, inserted),
      };
    }
    const collection = engine.catalog.ensure(namespace);
    if (!update) {
      engine.records.remove(collection, stored);
      return { lastErrorObject: { n: 1 }, value: projected(stored.document) };
    }
    const { document } = change(request, { collection, stored, update });
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: wanted(stored.document, document) };
  });
}
