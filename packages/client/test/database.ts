import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import mongoose from 'mongoose';

/** A key of 32 random bytes. */
export function secret() {
  return randomBytes(32).toString('base64url');
}

/** A connection to a new embedded database. */
export async function startDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-client-'));
  const database = await startEmbeddedMongo({ dataDir });
  const uri = new URL(database.uri);
  uri.pathname = '/client';
  const connection = await mongoose.createConnection(uri.href).asPromise();
  return {
    connection,
    [Symbol.asyncDispose]: async () => {
      await connection.destroy();
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
