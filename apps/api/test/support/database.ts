import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import mongoose, { type Connection } from 'mongoose';

/** A separate database on a running server. Dropped when disposed. */
export interface TestDatabase extends AsyncDisposable {
  uri: string;
  /** Emits its client's `commandStarted` events. */
  connection: Connection;
}

/** Opens a fresh database on the server of MONGODB_URI, or else on an embedded one. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await openServer();
  const uri = withDatabase(server.uri, `latchkey_api_${randomBytes(6).toString('hex')}`);
  const connection = await mongoose.createConnection(uri, { monitorCommands: true }).asPromise();
  return {
    uri,
    connection,
    async [Symbol.asyncDispose]() {
      await connection.dropDatabase();
      await connection.close();
      await server.stop();
    },
  };
}

async function openServer(): Promise<{ uri: string; stop(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri) return { uri, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-database-'));
  // Test data need not survive a power loss.
  const embedded = await startEmbeddedMongo({ dataDir, durability: 'process' });
  return {
    uri: embedded.uri,
    async stop() {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function withDatabase(uri: string, name: string) {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  return url.href;
}
