import { randomBytes } from 'node:crypto';
import { calculateObjectSize, Long } from 'bson';
import { type Document, MAX_DOCUMENT_BYTES } from '../bson/document.js';
import { CommandError } from '../errors.js';

/** The open cursors of a server. Any connection may continue one, as the driver's pool needs. */
export interface Cursors {
  /** Answers with the first batch, and keeps a cursor if there is more. `batchSize` undefined means 101. */
  open: (cursor: {
    namespace: string;
    documents: Iterable<Document>;
    batchSize?: number;
    single?: boolean;
    now: number;
  }) => Document;
  /** Answers with the next batch. Throws CursorNotFound. */
  next: (request: { id: string; batchSize?: number; now: number }) => Document;
  /** Closes a cursor; false if there is none. */
  kill: (id: string) => boolean;
  /** Closes the cursors nobody has used for ten minutes. */
  killIdle: (now: number) => void;
}

interface Cursor {
  namespace: string;
  iterator: Iterator<Document>;
  pending: IteratorResult<Document>;
  usedAt: number;
}

const DEFAULT_FIRST_BATCH = 101;
const IDLE_MS = 10 * 60_000;

export function openCursors(): Cursors {
  const cursors = new Map<string, Cursor>();
  const kill = (id: string) => {
    cursors.get(id)?.iterator.return?.();
    return cursors.delete(id);
  };
  return {
    open: ({ namespace, documents, batchSize = DEFAULT_FIRST_BATCH, single = false, now }) => {
      const iterator = documents[Symbol.iterator]();
      const cursor = { namespace, iterator, pending: iterator.next(), usedAt: now };
      const firstBatch = takeBatch(cursor, batchSize);
      const id = cursor.pending.done || single ? Long.ZERO : randomId();
      if (id.isZero()) iterator.return?.();
      else cursors.set(id.toString(), cursor);
      return { cursor: { firstBatch, id, ns: namespace } };
    },
    next: ({ id, batchSize = Number.POSITIVE_INFINITY, now }) => {
      const cursor = cursors.get(id);
      if (!cursor) throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
      cursor.usedAt = now;
      const nextBatch = takeBatch(cursor, batchSize);
      if (cursor.pending.done) kill(id);
      return {
        cursor: {
          nextBatch,
          id: cursor.pending.done ? Long.ZERO : Long.fromString(id),
          ns: cursor.namespace,
        },
      };
    },
    kill,
    killIdle: (now) => {
      for (const [id, { usedAt }] of cursors) if (now - usedAt > IDLE_MS) kill(id);
    },
  };
}

/** Takes documents until the batch is full in number or in bytes; one document is always taken if there is one. */
function takeBatch(cursor: Cursor, size: number): Document[] {
  const batch: Document[] = [];
  let bytes = 0;
  while (!cursor.pending.done && batch.length < size) {
    bytes += calculateObjectSize(cursor.pending.value);
    if (bytes > MAX_DOCUMENT_BYTES && batch.length > 0) break;
    batch.push(cursor.pending.value);
    cursor.pending = cursor.iterator.next();
  }
  return batch;
}

function randomId(): Long {
  return Long.fromBigInt(randomBytes(8).readBigUInt64BE() >> 1n).or(1);
}
