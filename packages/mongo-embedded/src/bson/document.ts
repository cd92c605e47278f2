import { deserialize, serialize } from 'bson';
import { CommandError } from '../errors.js';

/** A decoded BSON document. Numbers are wrapped (`Int32`, `Double`, `Long`), so that re-encoding keeps their types. */
export type Document = Record<string, unknown>;

/** MongoDB's limit for one document, in bytes. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Decodes BSON without losing types: numbers, regular expressions and binary data keep their BSON classes. */
export function decode(bytes: Uint8Array): Document {
  return deserialize(bytes, {
    promoteValues: false,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  });
}

/** Encodes a document. Throws BSONObjectTooLarge above `limit` bytes. */
export function encode(document: Document, limit = MAX_DOCUMENT_BYTES): Buffer {
  const bytes = serialize(document, { ignoreUndefined: false });
  if (bytes.byteLength > limit) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${bytes.byteLength}, max size: ${limit}`,
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The `_bsontype` of a BSON object. Undefined for other values, also for a document with a field of that name. */
export function bsonType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return undefined;
  return typeof value._bsontype === 'string' && !Object.hasOwn(value, '_bsontype')
    ? value._bsontype
    : undefined;
}

/** Whether a value is a document, not an array or a scalar. */
export function isDocument(value: unknown): value is Document {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    bsonType(value) === undefined
  );
}

/** A document's own field, or undefined. Inherited names such as `constructor` are no fields. */
export function field(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** Sets an own field, even one called `__proto__`. */
export function setField(document: Document, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(document, name, { value, enumerable: true, configurable: true, writable: true });
  } else document[name] = value;
}
