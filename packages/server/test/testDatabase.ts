import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import mongoose, { type Connection } from 'mongoose';

/** Opens a new database on the server of MONGODB_URI, or on an embedded one where that is not set. */
export async function openTestDatabase(options: { ttlIntervalMs?: number } = {}): Promise<TestDatabase> {
  const server = await openServer(options);
  const uri = new URL(server.uri);
  uri.pathname = `/latchkey_test_${randomBytes(6).toString('hex')}`;
  const connect = () =>
    mongoose
      // Otherwise the driver emits no command events.
      .createConnection(uri.href, {
        serverSelectionTimeoutMS: 30_000,
        autoIndex: false,
        monitorCommands: true,
      })
      .asPromise();
  const connection = await connect();
  return {
    uri: uri.href,
    embedded: server.embedded,
    connection,
    connect,
    async [Symbol.asyncDispose]() {
      await connection.dropDatabase();
      await connection.destroy();
      await server.stop();
    },
  };
}

/** A database of one test file. */
export interface TestDatabase extends AsyncDisposable {
  readonly uri: string;
  readonly connection: Connection;
  /** Whether the server is an embedded one. */
  readonly embedded: boolean;
  /** Opens another connection, as another process does. */
  connect(): Promise<Connection>;
}

async function openServer(options: {
  ttlIntervalMs?: number;
}): Promise<{ uri: string; embedded: boolean; stop(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined && uri !== '') return { uri, embedded: false, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const embedded = await startEmbeddedMongo({ dataDir, durability: 'process', ...options });
  return {
    uri: embedded.uri,
    embedded: true,
    async stop() {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
