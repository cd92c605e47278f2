import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { CommandError, notSupported } from '../errors.js';

export type BsonNumber = Int32 | Double | Long | Decimal128;

/** An exact decimal: coefficient · 10^exponent. */
export interface ExactDecimal {
  coefficient: bigint;
  exponent: number;
}

export function isNumber(value: unknown): value is BsonNumber {
  // In bson, Timestamp extends Long, but it is no number.
  if (value instanceof Timestamp) return false;
  return [Int32, Double, Long, Decimal128].some((type) => value instanceof type);
}

/** The nearest JavaScript number. Rounding keeps the order, so unequal results decide a comparison. */
export function toNumber(value: BsonNumber): number {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  return Number(value.toString());
}

/** A finite number as an exact decimal. A Long or Decimal128 so compares exactly with a Double. */
export function toExactDecimal(value: BsonNumber): ExactDecimal {
  if (value instanceof Int32) return { coefficient: BigInt(value.value), exponent: 0 };
  if (value instanceof Double) return exactDouble(value.value);
  if (value instanceof Long) return { coefficient: value.toBigInt(), exponent: 0 };
  const parts = /^(-?\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(value.toString());
  const fraction = parts?.[2] ?? '';
  return {
    coefficient: BigInt(`${parts?.[1] ?? '0'}${fraction}`),
    exponent: Number(parts?.[3] ?? 0) - fraction.length,
  };
}

/** Every double is a finite decimal: m · 2^-k equals m · 5^k · 10^-k. */
export function exactDouble(value: number): ExactDecimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  const mantissa = bits >> 63n === 1n ? -magnitude : magnitude;
  const power = Math.max(biased, 1) - 1075;
  if (power >= 0) return { coefficient: mantissa << BigInt(power), exponent: 0 };
  return { coefficient: mantissa * 5n ** BigInt(-power), exponent: power };
}

/** left − right, exactly. */
export function subtractExact(left: ExactDecimal, right: ExactDecimal): ExactDecimal {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (part: ExactDecimal) => part.coefficient * 10n ** BigInt(part.exponent - exponent);
  return { coefficient: scaled(left) - scaled(right), exponent };
}

/** Adds as MongoDB does: the sum has the wider type, an Int32 overflow gives a Long, a Long overflow is an error. */
export function addNumbers(left: BsonNumber, right: BsonNumber): BsonNumber {
  if (left instanceof Decimal128 || right instanceof Decimal128)
    throw notSupported('Arithmetic on Decimal128');
  if (left instanceof Double || right instanceof Double) return new Double(toNumber(left) + toNumber(right));
  const sum = BigInt(left.toString()) + BigInt(right.toString());
  if (BigInt.asIntN(64, sum) !== sum)
    throw new CommandError('BadValue', 'integer overflow: the sum does not fit a 64-bit integer');
  const staysInt32 = left instanceof Int32 && right instanceof Int32 && BigInt.asIntN(32, sum) === sum;
  return staysInt32 ? new Int32(Number(sum)) : Long.fromBigInt(sum);
}
