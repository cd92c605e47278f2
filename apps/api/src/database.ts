import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose, { type Connection } from 'mongoose';
import type { Env } from './env/parseEnv.js';
import type { Logger } from './log.js';

/** How long a call waits for a database that has gone away, in milliseconds. */
const selectionMs = 2_000;
const startAttempts = 15;

/** A connection and what to close with it. */
export interface Database {
  connection: Connection;
  close(): Promise<void>;
}

/** Connects to MONGODB_URI, or without one to the embedded database in DATA_DIR. */
export async function openDatabase(env: Env, log: Logger): Promise<Database> {
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
  // Loaded only where it is used: it brings a native module along.
  const { startEmbeddedMongo } = await import('@latchkey/mongo-embedded');
  return startEmbeddedMongo({ dataDir: join(dataDir, 'mongo') });
}

// An app and its database are often started together, so the first attempts may come too early.
async function connect(uri: string, log: Logger): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    const connection = mongoose.createConnection(uri, {
      serverSelectionTimeoutMS: selectionMs,
      bufferCommands: false,
      autoIndex: false,
      appName: 'latchkey',
    });
    try {
      return await connection.asPromise();
    } catch (error) {
      await connection.close();
      if (attempt >= startAttempts) throw error;
      log.warn({ err: error, attempt }, 'waiting for the database');
      await sleep(1_000);
    }
  }
}
