import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import type { Env } from './env/parseEnv.js';
import type { Logger } from './log.js';
import { untilDatabaseAnswers } from './untilDatabaseAnswers.js';

/** How long an operation waits for a database that is away. */
const SELECTION_MS = 2_000;

/** Connects to MONGODB_URI, or without it to the embedded database in DATA_DIR. */
export async function openDatabase(env: Env, log: Logger) {
  const server = await serverOf(env);
  const connection = await connect(server.uri, log).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    connection,
    async close() {
      await connection.close();
      await server.stop();
    },
  };
}

async function serverOf({ mongodbUri, dataDir }: Env): Promise<{ uri: string; stop(): Promise<void> }> {
  if (mongodbUri !== undefined) return { uri: mongodbUri, stop: async () => {} };
  // Imported only when needed: it loads a native module.
  const { startEmbeddedMongo } = await import('@latchkey/mongo-embedded');
  return startEmbeddedMongo({ dataDir: join(dataDir, 'mongo') });
}

function connect(uri: string, log: Logger): Promise<Connection> {
  return untilDatabaseAnswers(log, async () => {
    const connection = mongoose.createConnection(uri, {
      serverSelectionTimeoutMS: SELECTION_MS,
      bufferCommands: false,
      autoIndex: false,
      appName: 'latchkey',
    });
    try {
      return await connection.asPromise();
    } catch (error) {
      await connection.close();
      throw error;
    }
  });
}
