import { Binary, BSONRegExp, BSONSymbol, Code, DBRef, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { notSupported } from '../errors.js';
import { bsonType, type Document, isDocument } from './document.js';
import {
  type BsonNumber,
  exactDouble,
  isNumber,
  subtractExact,
  toExactDecimal,
  toNumber,
} from './numbers.js';

/**
 * MongoDB's order of types. Values of the same bracket compare by value, others by bracket. The codes leave room on
 * both sides for range bounds. Neither the codes nor their complements are 0x00 or 0xff.
 */
export const BRACKET = {
  minKey: 1,
  undefined: 3,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 50,
  regex: 55,
  code: 60,
  maxKey: 120,
} as const;

/** The bracket of a value. A missing value is `undefined`. */
export function bracketOf(value: unknown): number {
  if (value === undefined) return BRACKET.undefined;
  if (value === null) return BRACKET.null;
  if (typeof value === 'string' || value instanceof BSONSymbol) return BRACKET.string;
  if (typeof value === 'boolean') return BRACKET.boolean;
  if (isNumber(value)) return BRACKET.number;
  if (value instanceof Date) return BRACKET.date;
  if (Array.isArray(value)) return BRACKET.array;
  if (isDocument(value) || value instanceof DBRef) return BRACKET.object;
  if (value instanceof ObjectId) return BRACKET.objectId;
  if (value instanceof Binary) return BRACKET.binary;
  if (value instanceof Timestamp) return BRACKET.timestamp;
  if (value instanceof BSONRegExp) return BRACKET.regex;
  if (value instanceof Code && !value.scope) return BRACKET.code;
  if (value instanceof MinKey) return BRACKET.minKey;
  if (value instanceof MaxKey) return BRACKET.maxKey;
  throw notSupported(`Comparing a ${bsonType(value) ?? typeof value}`);
}

/**
 * Encodes a value into bytes that compare as MongoDB compares values. No encoding is a prefix of another, so encodings
 * can be concatenated, and complemented for a descending order.
 */
export function encodeKey(value: unknown): Buffer {
  const type = bracketOf(value);
  return Buffer.concat([Buffer.of(type), encodePayload(value)]);
}

/** Compares two values in MongoDB's order: negative, zero or positive. */
export function compareValues(left: unknown, right: unknown): number {
  return Buffer.compare(encodeKey(left), encodeKey(right));
}

export function equalValues(left: unknown, right: unknown): boolean {
  return encodeKey(left).equals(encodeKey(right));
}

const nothing = Buffer.alloc(0);
const end = Buffer.of(0);

function encodePayload(value: unknown): Buffer {
  if (typeof value === 'string') return encodeString(value);
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (isNumber(value)) return encodeNumber(value);
  if (value instanceof Date) return encodeInt64(BigInt(value.getTime()));
  if (Array.isArray(value)) return Buffer.concat([...value.map(encodeKey), end]);
  if (isDocument(value)) return encodeDocument(value);
  if (value instanceof ObjectId) return Buffer.from(value.id);
  if (value instanceof Binary) return encodeBinary(value);
  if (value instanceof Timestamp) return encodeUint64(value.toBigInt());
  if (value instanceof BSONSymbol) return encodeString(value.value);
  if (value instanceof BSONRegExp)
    return Buffer.concat([encodeString(value.pattern), encodeString(value.options)]);
  if (value instanceof Code) return encodeString(value.code);
  if (value instanceof DBRef) return encodeDocument({ ...value.toJSON() });
  return nothing;
}

/** Fields compare by type, then name, then value. */
function encodeDocument(document: Document): Buffer {
  const fields = Object.entries(document).map(([name, value]) => {
    const encoded = encodeKey(value);
    return Buffer.concat([encoded.subarray(0, 1), encodeString(name), encoded.subarray(1)]);
  });
  return Buffer.concat([...fields, end]);
}

/** UTF-8, then 00. Within the text, 00 and 01 are escaped by 01, so that the end sorts before any further byte. */
function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (!bytes.includes(0) && !bytes.includes(1)) return Buffer.concat([bytes, end]);
  const escaped = [...bytes].flatMap((byte) => (byte <= 1 ? [1, byte + 1] : [byte]));
  return Buffer.from([...escaped, 0]);
}

/** Length, then subtype, then content: MongoDB's order of binary data. */
function encodeBinary(value: Binary): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(value.length());
  head.writeUInt8(value.sub_type, 4);
  return Buffer.concat([head, value.value()]);
}

function encodeUint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function encodeInt64(value: bigint): Buffer {
  return encodeUint64(BigInt.asUintN(64, value) ^ (1n << 63n));
}

/**
 * The nearest double, then the difference of the exact value from it: 02 for none, otherwise the sign (01 or 03) and
 * the exact difference. NaN is the least number; 0 and -0 are equal.
 */
function encodeNumber(value: BsonNumber): Buffer {
  const nearest = toNumber(value);
  if (Number.isNaN(nearest)) return Buffer.of(0, 0, 0, 0, 0, 0, 0, 0, 2);
  const infinite = !Number.isFinite(nearest) && !/\d/.test(value.toString());
  // A Decimal128 above every double is finite, and sorts below Infinity.
  const base = infinite ? nearest : Math.min(Math.max(nearest, -Number.MAX_VALUE), Number.MAX_VALUE);
  return Buffer.concat([encodeDouble(base), infinite ? Buffer.of(2) : encodeDifference(value, base)]);
}

function encodeDouble(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  const bits = bytes.readBigUInt64BE();
  return encodeUint64(bits >> 63n === 1n ? BigInt.asUintN(64, ~bits) : bits | (1n << 63n));
}

function encodeDifference(value: BsonNumber, base: number): Buffer {
  if (bsonType(value) === 'Int32' || bsonType(value) === 'Double') return Buffer.of(2);
  const { coefficient, exponent } = subtractExact(toExactDecimal(value), exactDouble(base));
  if (coefficient === 0n) return Buffer.of(2);
  const negative = coefficient < 0n;
  const digits = (negative ? -coefficient : coefficient).toString();
  const scale = Buffer.alloc(2);
  scale.writeUInt16BE(exponent + digits.length + 0x7000);
  const magnitude = Buffer.concat([scale, Buffer.from(digits.replace(/0+$/, '')), end]);
  return Buffer.concat([Buffer.of(negative ? 1 : 3), negative ? complement(magnitude) : magnitude]);
}

/** Inverts every bit, which reverses the order of encodings. */
export function complement(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}
