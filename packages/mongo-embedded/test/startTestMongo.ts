import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from '../src/index.js';

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-mongo-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A new database for one test, with a connected driver. */
export async function startTestMongo(
  options: Partial<EmbeddedMongoOptions> = {},
): Promise<AsyncDisposable & { mongo: EmbeddedMongo; client: MongoClient; db: Db }> {
  const folder = await temporaryFolder();
  const mongo = await startEmbeddedMongo({
    dataDir: join(folder.path, 'data'),
    durability: 'process',
    ...options,
  });
  const client = await new MongoClient(mongo.uri).connect();
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
