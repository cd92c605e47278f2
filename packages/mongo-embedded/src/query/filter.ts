import { BSONRegExp } from 'bson';
import { type Document, isDocument } from '../bson/document.js';
import { splitPath, valuesAt } from '../bson/paths.js';
import { CommandError, notSupported } from '../errors.js';
import {
  equals,
  hasSize,
  hasType,
  isIn,
  isTruthy,
  matchesRegex,
  ordered,
  type ValueTest,
} from './comparison.js';

/** One condition on one path, for the planner. */
export interface Condition {
  path: string;
  operator: string;
  operand: unknown;
}

export interface Filter {
  matches: (document: Document) => boolean;
  /** Conditions that every matching document meets. Only `matches` knows all of them. */
  conditions: Condition[];
}

/** Compiles a query document. Throws an error that names what it does not know. */
export function compileFilter(query: Document): Filter {
  const parts = Object.entries(query).map(([name, operand]) =>
    name.startsWith('$') ? compileLogical(name, operand) : compileField(name, operand),
  );
  return allOf(parts);
}

function allOf(parts: Filter[]): Filter {
  return {
    matches: (document) => parts.every((part) => part.matches(document)),
    conditions: parts.flatMap((part) => part.conditions),
  };
}

function compileLogical(name: string, operand: unknown): Filter {
  if (name !== '$and' && name !== '$or' && name !== '$nor') {
    throw name === '$comment'
      ? notSupported('$comment in a filter', 'BadValue')
      : unknownOperator(name, 'top level operator');
  }
  if (!Array.isArray(operand) || operand.length === 0 || !operand.every(isDocument)) {
    throw new CommandError('BadValue', `${name} must be a nonempty array of documents`);
  }
  const parts = operand.map(compileFilter);
  if (name === '$and') return allOf(parts);
  const some = (document: Document) => parts.some((part) => part.matches(document));
  return { matches: name === '$or' ? some : (document) => !some(document), conditions: [] };
}

function compileField(path: string, operand: unknown): Filter {
  const names = splitPath(path);
  const special = names.find((name) => name.startsWith('$'));
  if (special) throw notSupported(`The path '${path}' with '${special}'`, 'BadValue');
  if (operand instanceof BSONRegExp) return conditionFilter({ path, operator: '$regex', operand });
  if (!isOperatorDocument(operand)) return conditionFilter({ path, operator: '$eq', operand });
  const regexOptions = operand.$options;
  if (regexOptions !== undefined && operand.$regex === undefined)
    throw new CommandError('BadValue', '$options needs a $regex');
  return allOf(
    Object.entries(operand)
      .filter(([operator]) => operator !== '$options')
      .map(([operator, value]) => conditionFilter({ path, operator, operand: value }, regexOptions)),
  );
}

/** Whether an operand is a document of operators. Throws if it mixes operators and plain fields. */
function isOperatorDocument(operand: unknown): operand is Document {
  if (!isDocument(operand)) return false;
  const names = Object.keys(operand);
  if (!names[0]?.startsWith('$')) return false;
  const plain = names.find((name) => !name.startsWith('$'));
  if (plain !== undefined) throw new CommandError('BadValue', `unknown operator: ${plain}`);
  return true;
}

function conditionFilter(condition: Condition, regexOptions?: unknown): Filter {
  if (condition.operator === '$not') return compileNot(condition.path, condition.operand);
  const names = splitPath(condition.path);
  const { test, negated, whole } = compileOperator(condition, regexOptions);
  const some = (document: Document) => {
    const values = valuesAt(document, names);
    // An array matches as a whole or by one of its elements.
    return values.some((value) => test(value) || (!whole && Array.isArray(value) && value.some(test)));
  };
  return { matches: negated ? (document) => !some(document) : some, conditions: negated ? [] : [condition] };
}

interface CompiledOperator {
  test: ValueTest;
  /** Whether the condition holds only if no value passes the test. */
  negated?: boolean;
  /** Whether to test arrays only as a whole, not their elements. */
  whole?: boolean;
}

function compileOperator({ operator, operand }: Condition, regexOptions?: unknown): CompiledOperator {
  switch (operator) {
    case '$eq':
      return { test: equals(operand) };
    case '$ne':
      return { test: equals(operand), negated: true };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return { test: ordered(operator, operand) };
    case '$in':
      return { test: isIn(operand) };
    case '$nin':
      return { test: isIn(operand), negated: true };
    case '$regex':
      return { test: matchesRegex(operand, regexOptions) };
    case '$exists':
      return { test: (value) => value !== undefined, whole: true, negated: !isTruthy(operand) };
    case '$type':
      return { test: hasType(operand) };
    case '$size':
      return { test: hasSize(operand), whole: true };
    case '$elemMatch':
      return { test: matchesElement(operand), whole: true };
    default:
      throw unknownOperator(operator, 'operator');
  }
}

/** `$not` matches when at least one of its operators does not hold. */
function compileNot(path: string, operand: unknown): Filter {
  const usable =
    operand instanceof BSONRegExp || (isOperatorDocument(operand) && Object.keys(operand).length > 0);
  if (!usable) throw new CommandError('BadValue', '$not needs a regex or a document of operators');
  const inner = compileField(path, operand);
  return { matches: (document) => !inner.matches(document), conditions: [] };
}

/** `$elemMatch`: an element meets all conditions. These are operators, or a filter on the fields of the element. */
function matchesElement(operand: unknown): ValueTest {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  const first = Object.keys(operand)[0] ?? '';
  const ofOperators = first.startsWith('$') && !['$and', '$or', '$nor'].includes(first);
  const matches = ofOperators ? elementTest(operand) : documentTest(operand);
  return (value) => Array.isArray(value) && value.some(matches);
}

function elementTest(operators: Document): ValueTest {
  const tests = Object.entries(operators)
    .filter(([operator]) => operator !== '$options')
    .map(([operator, operand]) => compileOperator({ path: '', operator, operand }, operators.$options));
  return (element) => tests.every(({ test, negated }) => test(element) !== (negated ?? false));
}

function documentTest(query: Document): ValueTest {
  const filter = compileFilter(query);
  return (element) => isDocument(element) && filter.matches(element);
}

function unknownOperator(name: string, kind: string): CommandError {
  return new CommandError(
    'BadValue',
    `unknown ${kind}: ${name} is not supported by @latchkey/mongo-embedded`,
  );
}
