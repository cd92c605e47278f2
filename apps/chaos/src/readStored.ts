import { MongoClient } from 'mongodb';
import type { Stored } from './ledger.js';

/** Reads from the database which notes are stored and which creations were announced. */
export async function readStored(uri: string): Promise<Stored> {
  const client = await new MongoClient(uri).connect();
  try {
    const database = client.db();
    const notes = await database.collection<{ text: string }>('notes').find().toArray();
    const changes = await database
      .collection<{ event: { type: string; note: { text: string } } }>('noteChanges')
      .find()
      .toArray();
    const creations = changes.filter(({ event }) => event.type === 'created');
    return {
      notes: countEach(notes.map(({ text }) => text)),
      creations: countEach(creations.map(({ event }) => event.note.text)),
    };
  } finally {
    await client.close();
  }
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
