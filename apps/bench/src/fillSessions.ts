import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

const BATCH = 5_000;
const REPORT_EVERY = 100_000;

/** Adds copies of a real session until the collection holds `size`. Each has its own id, user and token. */
export async function fillSessions(
  uri: string,
  { size, progress }: { size: number; progress: (message: string) => void },
): Promise<void> {
  const client = await new MongoClient(uri).connect();
  try {
    const collection = client.db().collection<{ _id: string }>('latchkey_sessions');
    const template = await collection.findOne();
    if (template === null) throw new Error('There is no session to copy.');
    const copy = () => ({ ...template, _id: id(18), userId: id(18), currentHash: id(32) });
    let stored = await collection.countDocuments();
    while (stored < size) {
      const batch = Array.from({ length: Math.min(BATCH, size - stored) }, copy);
      await collection.insertMany(batch, { ordered: false });
      stored += batch.length;
      if (stored % REPORT_EVERY < BATCH) progress(`${stored.toLocaleString('en')} sessions stored`);
    }
  } finally {
    await client.close();
  }
}

function id(bytes: number) {
  return randomBytes(bytes).toString('base64url');
}
