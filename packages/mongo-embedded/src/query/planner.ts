import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { bracketOf, complement, encodeKey, equalValues } from '../bson/keyEncoding.js';
import { isNumber, toNumber } from '../bson/numbers.js';
import { CommandError } from '../errors.js';
import { type Collection, type Index, keyPrefix, prefixRange } from '../storage/catalog.js';
import type { KeyPattern } from '../storage/indexKeys.js';
import { idIndex } from '../storage/records.js';
import type { KeyRange } from '../storage/store.js';
import { type Condition, compileFilter, type Filter } from './filter.js';

export interface Plan {
  /** Undefined for a scan of the collection. */
  index: Index | undefined;
  ranges: KeyRange[];
  reverse: boolean;
  /** Whether the documents come in the wanted order. */
  sorted: boolean;
}

export interface PlanOptions {
  collection: Collection;
  filter: Filter;
  sort: KeyPattern;
  /** The name of an index that must be used, or `$natural` for a scan. */
  hint?: string;
}

/**
 * Prefers the index with the most fields compared for equality, then an index with a range, then one that gives the
 * order. A plan may read too much but never too little: every document is tested by the whole filter.
 */
export function planQuery({ collection, filter, sort, hint }: PlanOptions): Plan {
  const scan: Plan = {
    index: undefined,
    ranges: [prefixRange(keyPrefix(collection.id))],
    reverse: false,
    sorted: sort.length === 0,
  };
  if (hint === '$natural') return scan;
  const indexes = [idIndex(collection), ...collection.indexes].filter(
    (index) => !hint || index.name === hint,
  );
  if (indexes.length === 0)
    throw new CommandError('BadValue', `planner returned error: bad hint: no index '${hint}'`);
  const usable = indexes.filter((index) => covers(index, filter.conditions));
  if (hint && usable.length === 0) {
    throw new CommandError(
      'BadValue',
      `bad hint: the index '${hint}' does not hold every document that may match`,
    );
  }
  const candidates = usable.map((index) => planIndex(index, filter.conditions, sort));
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a), { plan: scan, score: hint ? -1 : 0 });
  return best.plan;
}

/** Whether the index has an entry for every matching document. Partial and sparse indexes leave documents out. */
function covers(index: Index, conditions: Condition[]): boolean {
  const excludesMissing = (condition: Condition) =>
    index.pattern.some(([path]) => path === condition.path) && needsField(condition);
  if (index.sparse && !conditions.some(excludesMissing)) return false;
  return (index.partial?.conditions ?? []).every((wanted) =>
    conditions.some((given) => implies(given, wanted)),
  );
}

/** Whether a missing field never meets the condition. */
function needsField({ operator, operand }: Condition): boolean {
  if (operator === '$in') return Array.isArray(operand) && !operand.some(isNullish);
  if (operator === '$exists') return true;
  return (
    ['$eq', '$gt', '$gte', '$lt', '$lte'].includes(operator) && !isNullish(operand) && !isExtreme(operand)
  );
}

function implies(given: Condition, wanted: Condition): boolean {
  if (given.path !== wanted.path) return false;
  if (given.operator === wanted.operator && equalValues(given.operand, wanted.operand)) return true;
  if (wanted.operator === '$exists') return needsField(given);
  if (given.operator !== '$eq' || isNullish(given.operand) || Array.isArray(given.operand)) return false;
  return compileFilter({ v: { [wanted.operator]: wanted.operand } }).matches({ v: given.operand });
}

function planIndex(index: Index, conditions: Condition[], sort: KeyPattern): { plan: Plan; score: number } {
  let heads: Buffer[] = [keyPrefix(index.id)];
  let fixed = 0;
  let fields = 0;
  for (const [path, direction] of index.pattern) {
    const points = pointsOf(conditions.filter((condition) => condition.path === path));
    // Each element of an array has its own entry: only one condition may narrow the range.
    if (!points || (index.multikey && fields > 0) || heads.length * points.length > MAX_RANGES) break;
    const encoded = points.map((point) => (direction === 1 ? point : complement(point)));
    heads = heads.flatMap((head) => encoded.map((point) => Buffer.concat([head, point])));
    if (points.length === 1 && fixed === fields) fixed++;
    fields++;
  }
  const next = index.multikey && fields > 0 ? undefined : index.pattern[fields];
  const bounds =
    next &&
    boundsOf(
      conditions.filter((condition) => condition.path === next[0]),
      index.multikey,
    );
  const ranges =
    next && bounds ? heads.map((head) => rangeWithin(head, bounds, next[1])) : heads.map(prefixRange);
  const order = fixed === fields ? orderOf(index, { sort, fixed }) : undefined;
  const sorted = sort.length === 0 || order !== undefined;
  const score = fields * 10 + (bounds ? 5 : 0) + (order !== undefined ? 3 : 0);
  ranges.sort((a, b) => Buffer.compare(a.lower, b.lower));
  return { plan: { index, ranges, reverse: order === -1, sorted }, score };
}

const MAX_RANGES = 10_000;

/** 1 or -1 if the index gives the order of the sort when read forwards or backwards. Its first `fixed` fields are equal. */
function orderOf(index: Index, { sort, fixed }: { sort: KeyPattern; fixed: number }): 1 | -1 | undefined {
  const equal = new Set(index.pattern.slice(0, fixed).map(([path]) => path));
  const wanted = sort.filter(([path]) => !equal.has(path));
  if (index.multikey || sort.length === 0) return undefined;
  const given = index.pattern.slice(fixed);
  const sign = wanted[0] && given[0] && wanted[0][1] === given[0][1] ? 1 : -1;
  const fits = wanted.every(
    ([path, direction], at) => given[at]?.[0] === path && given[at][1] * sign === direction,
  );
  return fits ? (wanted.length === 0 ? 1 : sign) : undefined;
}

/** The encoded values that the conditions allow, if they list them. */
function pointsOf(conditions: Condition[]): Buffer[] | undefined {
  for (const { operator, operand } of conditions) {
    const operands =
      operator === '$eq' ? [operand] : operator === '$in' && Array.isArray(operand) ? operand : [];
    if (operands.length === 0 || !operands.every(isPoint)) continue;
    const points = operands.flatMap((value) =>
      isNullish(value) ? [encodeKey(undefined), encodeKey(null)] : [encodeKey(value)],
    );
    return [...new Map(points.map((point) => [point.toString('latin1'), point])).values()];
  }
  return undefined;
}

interface Bound {
  bytes: Buffer;
  inclusive: boolean;
}
interface Bounds {
  min: Bound;
  max: Bound;
}

/** The range of encoded values, within one type bracket, that the conditions allow. */
function boundsOf(conditions: Condition[], multikey: boolean): Bounds | undefined {
  const usable = conditions.filter(
    ({ operator, operand }) => /^\$[gl]te?$/.test(operator) && isPoint(operand) && isOrdered(operand),
  );
  const type = usable[0] && bracketOf(usable[0].operand);
  if (type === undefined) return undefined;
  const bounds: Bounds = {
    min: { bytes: Buffer.of(type - 1), inclusive: false },
    max: { bytes: Buffer.of(type + 1), inclusive: false },
  };
  const narrowing = multikey
    ? usable.slice(0, 1)
    : usable.filter(({ operand }) => bracketOf(operand) === type);
  for (const { operator, operand } of narrowing) {
    const bound = { bytes: encodeKey(operand), inclusive: operator.endsWith('e') };
    if (operator.startsWith('$g')) bounds.min = bound;
    else bounds.max = bound;
  }
  return bounds;
}

function rangeWithin(head: Buffer, { min, max }: Bounds, direction: 1 | -1): KeyRange {
  const ascending = direction === 1;
  const [from, to] = ascending ? [min, max] : [max, min];
  const edge = ({ bytes }: Bound, after: boolean) =>
    Buffer.concat([head, ascending ? bytes : complement(bytes), after ? Buffer.of(0xff) : Buffer.alloc(0)]);
  return { lower: edge(from, !from.inclusive), upper: edge(to, to.inclusive) };
}

function isNullish(value: unknown) {
  return value === null || value === undefined;
}

function isExtreme(value: unknown) {
  return value instanceof MinKey || value instanceof MaxKey;
}

/** Whether one index key stands for the value. Arrays have a key for each element; a regular expression matches many. */
function isPoint(value: unknown) {
  return !Array.isArray(value) && !(value instanceof BSONRegExp);
}

function isOrdered(value: unknown) {
  return !isNullish(value) && !isExtreme(value) && !(isNumber(value) && Number.isNaN(toNumber(value)));
}
