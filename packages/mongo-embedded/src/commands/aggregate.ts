import { Double, Int32 } from 'bson';
import { type Document, field, isDocument, setField } from '../bson/document.js';
import { compareValues, encodeKey } from '../bson/keyEncoding.js';
import { addNumbers, type BsonNumber, isNumber, toNumber } from '../bson/numbers.js';
import { splitPath } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { find, sortBy } from '../query/find.js';
import { compileProjection } from '../query/projection.js';
import { hintOption, sortOption } from './reading.js';
import {
  type Command,
  documentOption,
  documentsOption,
  namespaceOf,
  numberOption,
  type Request,
} from './request.js';

/** Aggregation with the few stages that counting and simple reports need. */
export const aggregateCommands: Record<string, Command> = {
  aggregate: {
    fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation'],
    run: runAggregate,
  },
};

type Stage = (documents: Iterable<Document>) => Iterable<Document>;

function runAggregate(request: Request): Document {
  const { engine, body, now } = request;
  const namespace = namespaceOf(request, 'aggregate');
  const pipeline = documentsOption(body, 'pipeline');
  const first = pipeline[0] && field(pipeline[0], '$match');
  const filter = compileFilter(isDocument(first) ? first : {});
  const stages = (isDocument(first) ? pipeline.slice(1) : pipeline).map(compileStage);
  const hint = hintOption(request, { namespace, part: body });
  const collection = engine.catalog.find(namespace);
  const found = collection
    ? find(engine.store, collection, { filter, ...(hint !== undefined && { hint }) }).documents
    : [];
  const documents = stages.reduce<Iterable<Document>>((input, stage) => stage(input), documentsOf(found));
  const batchSize = numberOption(documentOption(body, 'cursor') ?? {}, 'batchSize');
  return engine.cursors.open({ namespace, documents, now, ...(batchSize !== undefined && { batchSize }) });
}

function* documentsOf(found: Iterable<{ document: Document }>): Generator<Document> {
  for (const { document } of found) yield document;
}

function compileStage(stage: Document): Stage {
  const [name = '', ...others] = Object.keys(stage);
  if (others.length > 0) throw new CommandError('BadValue', 'A pipeline stage must have exactly one field');
  switch (name) {
    case '$match': {
      const filter = compileFilter(documentOption(stage, name) ?? {});
      return (documents) => generate(documents, (document) => (filter.matches(document) ? [document] : []));
    }
    case '$sort': {
      const sort = sortOption({ sort: stage[name] });
      return (documents) => generate([0], () => sortBy(documents, (document) => document, sort));
    }
    case '$skip': {
      const count = numberOption(stage, name) ?? 0;
      return (documents) => generate(documents, (document, position) => (position < count ? [] : [document]));
    }
    case '$limit': {
      const count = numberOption(stage, name) ?? 0;
      if (count === 0) throw new CommandError('BadValue', 'the limit must be positive');
      return (documents) => take(documents, count);
    }
    case '$project': {
      const project = compileProjection(documentOption(stage, name) ?? {});
      return (documents) => generate(documents, (document) => [project(document)]);
    }
    case '$group':
      return compileGroup(documentOption(stage, name) ?? {});
    case '$count': {
      const count = compileGroup({ _id: null, n: { $sum: new Int32(1) } });
      return (documents) => generate(count(documents), ({ n }) => [{ [String(stage[name])]: n }]);
    }
    default:
      throw notSupported(`The pipeline stage ${name}`, 'UnknownStage');
  }
}

function* generate<T>(
  items: Iterable<T>,
  map: (item: T, position: number) => Document[],
): Generator<Document> {
  let position = 0;
  for (const item of items) yield* map(item, position++);
}

function* take(documents: Iterable<Document>, count: number): Generator<Document> {
  let taken = 0;
  for (const document of documents) {
    yield document;
    taken++;
    if (taken === count) return;
  }
}

type Expression = (document: Document) => unknown;

/** Expressions are fields (`'$a.b'`), constants and documents of them; operators are refused by name. */
function compileExpression(expression: unknown): Expression {
  if (typeof expression === 'string' && expression.startsWith('$')) {
    if (expression.startsWith('$$')) throw notSupported(`The variable ${expression}`, 'BadValue');
    const names = splitPath(expression.slice(1));
    return (document) => fieldPath(document, names);
  }
  if (Array.isArray(expression)) throw notSupported('An array expression', 'BadValue');
  if (!isDocument(expression)) return () => expression;
  const operator = Object.keys(expression).find((name) => name.startsWith('$'));
  if (operator) throw notSupported(`The expression ${operator}`, 'BadValue');
  const parts = Object.entries(expression).map(([name, part]) => [name, compileExpression(part)] as const);
  return (document) => {
    const result: Document = {};
    for (const [name, part] of parts) {
      const value = part(document);
      if (value !== undefined) setField(result, name, value);
    }
    return result;
  };
}

/** The value of a field path. An array on the way gives the array of the values in its documents. */
function fieldPath(value: unknown, names: readonly string[]): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  if (Array.isArray(value))
    return value.map((item) => fieldPath(item, names)).filter((item) => item !== undefined);
  return isDocument(value) ? fieldPath(field(value, name), rest) : undefined;
}

const accumulators: Record<string, (values: unknown[]) => unknown> = {
  $sum: sum,
  $avg: (values) => {
    const numbers = values.filter(isNumber);
    return numbers.length === 0 ? null : new Double(toNumber(sum(numbers)) / numbers.length);
  },
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $first: (values) => values[0] ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet: (values) => [
    ...new Map(
      values
        .filter((value) => value !== undefined)
        .map((value) => [encodeKey(value).toString('latin1'), value]),
    ).values(),
  ],
};

function sum(values: unknown[]): BsonNumber {
  return values.filter(isNumber).reduce<BsonNumber>(addNumbers, new Int32(0));
}

function extreme(values: unknown[], sign: number): unknown {
  const present = values.filter((value) => value !== undefined && value !== null);
  return present.length === 0
    ? null
    : present.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
}

function compileGroup(spec: Document): Stage {
  if (!('_id' in spec)) throw new CommandError('BadValue', 'a group specification must include an _id');
  const keyOf = compileExpression(spec._id);
  const outputs = Object.entries(spec)
    .filter(([name]) => name !== '_id')
    .map(([name, output]) => ({ name, ...compileAccumulator(name, output) }));
  return (documents) => {
    const groups = new Map<string, { key: unknown; members: unknown[][] }>();
    for (const document of documents) {
      const key = keyOf(document) ?? null;
      const id = encodeKey(key).toString('latin1');
      const group = groups.get(id) ?? { key, members: outputs.map(() => []) };
      groups.set(id, group);
      for (const [at, { expression }] of outputs.entries()) group.members[at]?.push(expression(document));
    }
    return generate(groups.values(), ({ key, members }) => {
      const result: Document = { _id: key };
      for (const [at, { name, accumulate }] of outputs.entries())
        setField(result, name, accumulate(members[at] ?? []));
      return [result];
    });
  };
}

function compileAccumulator(
  name: string,
  output: unknown,
): { expression: Expression; accumulate: (values: unknown[]) => unknown } {
  const operator =
    isDocument(output) && Object.keys(output).length === 1 ? Object.keys(output)[0] : undefined;
  const accumulate =
    operator !== undefined && Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
  if (!isDocument(output) || operator === undefined || !accumulate) {
    throw notSupported(`The accumulator ${operator ?? ''} of '${name}'`, 'BadValue');
  }
  return { expression: compileExpression(output[operator]), accumulate };
}
