import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareValues, encodeKey } from './keyEncoding.js';

test('orders the types as MongoDB does', () => {
  const ordered = [
    new MinKey(),
    undefined,
    null,
    new Double(Number.NaN),
    new Double(Number.NEGATIVE_INFINITY),
    Decimal128.fromString('-1E6000'),
    new Int32(-1),
    new Double(0),
    Decimal128.fromString('1E-6000'),
    new Int32(1),
    Decimal128.fromString('1E6000'),
    new Double(Number.POSITIVE_INFINITY),
    '',
    '\u0000',
    '\u0001',
    'a',
    'a\u0000',
    'ab',
    {},
    { a: new Int32(1) },
    { a: 'x' },
    { b: 'a' },
    [],
    [null],
    [new Int32(1)],
    new Binary(Buffer.from([9])),
    new Binary(Buffer.from([1, 1])),
    new ObjectId('000000000000000000000001'),
    false,
    true,
    new Date(-1),
    new Date(0),
    new Timestamp({ t: 1, i: 1 }),
    new MaxKey(),
  ];
  for (const [position, value] of ordered.entries()) {
    for (const [other, compared] of ordered.entries()) {
      expect(compareValues(value, compared), `${position} and ${other}`).toBe(Math.sign(position - other));
    }
  }
});

test('treats equal numbers as equal, whatever their type', () => {
  const five = [
    new Int32(5),
    new Double(5),
    Long.fromNumber(5),
    Decimal128.fromString('5'),
    Decimal128.fromString('5.00'),
  ];
  expect(new Set(five.map((number) => encodeKey(number).toString('hex'))).size).toBe(1);
  expect(compareValues(new Double(-0), new Int32(0))).toBe(0);
  // One tenth has no exact double.
  expect(compareValues(Decimal128.fromString('0.1'), new Double(0.1))).toBe(-1);
});

test('orders 64-bit integers exactly, also among doubles', () => {
  const large = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const sign = (difference: bigint) => (difference > 0n ? 1 : difference < 0n ? -1 : 0);
  fc.assert(
    fc.property(large, fc.bigInt({ min: -3n, max: 3n }), (value, step) => {
      const other = BigInt.asIntN(64, value + step);
      expect(compareValues(Long.fromBigInt(value), Long.fromBigInt(other))).toBe(sign(value - other));
      expect(compareValues(Long.fromBigInt(value), Decimal128.fromString(other.toString()))).toBe(
        sign(value - other),
      );
      const double = Number(value);
      expect(compareValues(Long.fromBigInt(value), new Double(double))).toBe(sign(value - BigInt(double)));
    }),
  );
});

test('orders strings as their UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      expect(compareValues(left, right)).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
  );
});
