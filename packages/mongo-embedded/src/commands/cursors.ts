import { randomBytes } from 'node:crypto';
import { calculateObjectSize, Long } from 'bson';
import { type Document, MAX_DOCUMENT_BYTES } from '../bson/document.js';
import { CommandError } from '../errors.js';

/** The open cursors of a server. Any connection may continue one, as the driver's pool needs. */
export type Cursors = ReturnType<typeof openCursors>;

interface NewCursor {
  namespace: string;
  documents: Iterable<Document>;
  /** @default 101 */
  batchSize?: number;
  /** Whether the first batch is also the last. */
  single?: boolean;
  now: number;
}

interface Cursor {
  namespace: string;
  iterator: Iterator<Document>;
  pending: IteratorResult<Document>;
  usedAt: number;
}

const DEFAULT_FIRST_BATCH = 101;
const IDLE_MS = 10 * 60_000;

export function openCursors() {
  const cursors = new Map<string, Cursor>();
  /** Closes a cursor; false if there is none. */
  const kill = (id: string): boolean => {
    cursors.get(id)?.iterator.return?.();
    return cursors.delete(id);
  };
  return {
    /** Returns the reply with the first batch. Keeps the cursor if there are more documents. */
    open: ({
      namespace,
      documents,
      batchSize = DEFAULT_FIRST_BATCH,
      single = false,
      now,
    }: NewCursor): Document => {
      const iterator = documents[Symbol.iterator]();
      const cursor = { namespace, iterator, pending: iterator.next(), usedAt: now };
      const firstBatch = takeBatch(cursor, batchSize);
      const id = cursor.pending.done || single ? Long.ZERO : randomId();
      if (id.isZero()) iterator.return?.();
      else cursors.set(id.toString(), cursor);
      return { cursor: { firstBatch, id, ns: namespace } };
    },
    /** Returns the reply with the next batch. Throws CursorNotFound. */
    next: ({
      id,
      batchSize = Number.POSITIVE_INFINITY,
      now,
    }: {
      id: string;
      batchSize?: number;
      now: number;
    }): Document => {
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
    /** Closes the cursors that were not used for ten minutes. */
    killIdle: (now: number) => {
      for (const [id, { usedAt }] of cursors) if (now - usedAt > IDLE_MS) kill(id);
    },
  };
}

/** Takes documents until the batch is full, by number or by bytes. It takes at least one if there is one. */
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
