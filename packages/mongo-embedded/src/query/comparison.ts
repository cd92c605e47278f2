import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { bsonType } from '../bson/document.js';
import { BRACKET, bracketOf, encodeKey } from '../bson/keyEncoding.js';
import { isNumber, toNumber } from '../bson/numbers.js';
import { CommandError, notSupported } from '../errors.js';

/** Tests one value. A missing value is `undefined`. */
export type ValueTest = (value: unknown) => boolean;

/** `$eq`: same type bracket and equal value. Null also matches a missing field. */
export function equals(operand: unknown): ValueTest {
  if (operand === null || operand === undefined) return (value) => value === null || value === undefined;
  if (typeof operand === 'string') return (value) => value === operand;
  const wanted = encodeKey(operand);
  const type = bracketOf(operand);
  return (value) => bracketOf(value) === type && encodeKey(value).equals(wanted);
}

/** `$gt`, `$gte`, `$lt`, `$lte`. They compare only within the operand's type bracket, except with MinKey and MaxKey. */
export function ordered(operator: '$gt' | '$gte' | '$lt' | '$lte', operand: unknown): ValueTest {
  const inclusive = operator === '$gte' || operator === '$lte';
  const isNaNOperand = isNumber(operand) && Number.isNaN(toNumber(operand));
  if (operand === null || operand === undefined || isNaNOperand)
    return inclusive ? equals(operand) : () => false;
  if (operand instanceof BSONRegExp)
    throw new CommandError('BadValue', `Can't have RegEx as arg to predicate over ${operator}`);
  const wanted = encodeKey(operand);
  const type = bracketOf(operand);
  const anyType = operand instanceof MinKey || operand instanceof MaxKey;
  const sign = operator === '$gt' || operator === '$gte' ? 1 : -1;
  return (value) => {
    if (value === undefined || (!anyType && bracketOf(value) !== type)) return false;
    if (isNumber(value) && Number.isNaN(toNumber(value)) && !anyType) return false;
    const order = Buffer.compare(encodeKey(value), wanted) * sign;
    return order > 0 || (inclusive && order === 0);
  };
}

/** `$in`: equal to one of the operands, or matching a regular expression among them. */
export function isIn(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$in needs an array');
  const expressions = operand.filter((item) => item instanceof BSONRegExp).map((item) => matchesRegex(item));
  const keys = new Set(operand.map((item) => encodeKey(item).toString('latin1')));
  const matchesNull = operand.includes(null);
  return (value) => {
    if (value === undefined || value === null) return matchesNull;
    return keys.has(encodeKey(value).toString('latin1')) || expressions.some((matches) => matches(value));
  };
}

/** `$regex`, with JavaScript's syntax. An equal stored regular expression matches too. */
export function matchesRegex(operand: unknown, options?: unknown): ValueTest {
  const pattern = operand instanceof BSONRegExp ? operand.pattern : operand;
  const flags = options ?? (operand instanceof BSONRegExp ? operand.options : '');
  if (typeof pattern !== 'string' || typeof flags !== 'string')
    throw new CommandError('BadValue', '$regex has to be a string');
  if (/[^imsu]/.test(flags)) throw notSupported(`$options '${flags}'`, 'BadValue');
  const expression = compileRegex(pattern, flags);
  const same = equals(new BSONRegExp(pattern, flags));
  return (value) =>
    typeof value === 'string' ? expression.test(value) : value instanceof BSONRegExp && same(value);
}

function compileRegex(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags.replace('u', '').concat('u'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('BadValue', `$regex is not a valid JavaScript regular expression: ${reason}`);
  }
}

export function hasSize(operand: unknown): ValueTest {
  const size = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (!Number.isInteger(size) || size < 0)
    throw new CommandError('BadValue', '$size needs a non-negative whole number');
  return (value) => Array.isArray(value) && value.length === size;
}

/** `$type`, by one alias or several. */
export function hasType(operand: unknown): ValueTest {
  const wanted = Array.isArray(operand) ? operand : [operand];
  const unknown = wanted.find(
    (alias) => ![...bracketAliases.values(), ...CLASS_ALIASES.values(), 'number'].includes(alias),
  );
  if (unknown !== undefined) throw notSupported(`$type: ${String(unknown)}`, 'BadValue');
  return (value) =>
    wanted.some((alias) => alias === typeAlias(value) || (alias === 'number' && isNumber(value)));
}

const bracketAliases = new Map<number, string>([
  [BRACKET.null, 'null'],
  [BRACKET.string, 'string'],
  [BRACKET.object, 'object'],
  [BRACKET.array, 'array'],
  [BRACKET.binary, 'binData'],
  [BRACKET.objectId, 'objectId'],
  [BRACKET.boolean, 'bool'],
  [BRACKET.date, 'date'],
  [BRACKET.timestamp, 'timestamp'],
  [BRACKET.regex, 'regex'],
  [BRACKET.code, 'javascript'],
  [BRACKET.minKey, 'minKey'],
  [BRACKET.maxKey, 'maxKey'],
]);

const CLASS_ALIASES = new Map([
  ['Int32', 'int'],
  ['Double', 'double'],
  ['Long', 'long'],
  ['Decimal128', 'decimal'],
  ['BSONSymbol', 'symbol'],
]);

/** The type name of a value in `$type` and in error messages. Undefined for a missing value. */
export function typeAlias(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return CLASS_ALIASES.get(bsonType(value) ?? '') ?? bracketAliases.get(bracketOf(value));
}

/** Whether MongoDB takes a value as true: all but false, zero, null and a missing one. */
export function isTruthy(value: unknown): boolean {
  return isNumber(value) ? toNumber(value) !== 0 : value !== false && value !== null && value !== undefined;
}
