import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from '../src/index.js';

/** A folder for one test, removed at its end. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-mongo-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A database of its own for a test, with a connected driver. */
export async function startTestMongo(
  options: Partial<EmbeddedMongoOptions> = {},
): Promise<AsyncDisposable & { mongo: EmbeddedMongo; client: MongoClient; db: Db }> {
  const folder = await temporaryFolder();
  const mongo = await startEmbeddedMongo({
    dataDir: join(folder.path, 'data'),
    durability: 'process',
    ...options,
  });
  const client = await new MongoClient(mongo.uri, { serverSelectionTimeoutMS: 5_000 }).connect();
  return {
    mongo,
    client,
    db: client.db('test'),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await mongo.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
