import { withTimeout } from '@latchkey/server';
import { type Connection, Types } from 'mongoose';
import { isDuplicateKey } from './isDuplicateKey.js';
import type { Note, NoteEvent } from './note.js';
import type { NoteFeed } from './noteFeed.js';
import { type NoteDocument, noteModel } from './noteModel.js';

const MAX_LISTED = 200;

export interface NotesOptions {
  connection: Connection;
  feed: NoteFeed;
  now?: () => number;
}

export type Notes = ReturnType<typeof createNotes>;

/** Creates the use cases of notes. Each takes the owner first and touches only that owner's notes. */
export function createNotes({ connection, feed, now = Date.now }: NotesOptions) {
  const model = noteModel(connection);

  async function list(userId: string): Promise<Note[]> {
    const newest = model.find({ userId }).sort({ createdAt: -1, _id: -1 }).limit(MAX_LISTED);
    const found = await withTimeout(newest.lean().exec());
    return found.map(toNote);
  }

  /**
   * Creates a note. A repeat with the same id and text resolves to the first note. The same id with another text
   * resolves to undefined.
   */
  async function create(userId: string, { id = newId(), text }: { id?: string | undefined; text: string }) {
    const at = new Date(now());
    try {
      const record = { _id: key(userId, id), userId, text, createdAt: at, updatedAt: at };
      const created = await withTimeout(model.create(record));
      return announce(userId, { type: 'created', note: toNote(created) });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const existing = await withTimeout(
        model
          .findOne({ _id: key(userId, id), text })
          .lean()
          .exec(),
      );
      return existing ? toNote(existing) : undefined;
    }
  }

  /** Resolves to undefined if there is no such note. */
  async function update(userId: string, { id, text }: { id: string; text: string }) {
    const change = { $set: { text, updatedAt: new Date(now()) } };
    const changed = await withTimeout(
      model
        .findOneAndUpdate({ _id: key(userId, id) }, change, { returnDocument: 'after' })
        .lean()
        .exec(),
    );
    return changed ? announce(userId, { type: 'updated', note: toNote(changed) }) : undefined;
  }

  /** Resolves to the deleted note, or to undefined if there is none. */
  async function remove(userId: string, { id }: { id: string }) {
    const removed = await withTimeout(
      model
        .findOneAndDelete({ _id: key(userId, id) })
        .lean()
        .exec(),
    );
    return removed ? announce(userId, { type: 'deleted', note: toNote(removed) }) : undefined;
  }

  async function announce(userId: string, event: NoteEvent): Promise<Note> {
    await feed.append(userId, event);
    return event.note;
  }

  /** Creates the indexes. */
  async function start() {
    await Promise.all([model.createIndexes(), feed.start()]);
  }

  return { list, create, update, remove, start };
}

function key(userId: string, id: string) {
  return `${userId}/${id}`;
}

function newId() {
  return new Types.ObjectId().toHexString();
}

function toNote({ _id, userId, text, createdAt, updatedAt }: NoteDocument): Note {
  return {
    id: _id.slice(userId.length + 1),
    text,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
