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

/** Connects to MONGODB_URI. */
export async function openDatabase(env: Env, log: Logger): Promise<Database> {
  if (env.mongodbUri === undefined) throw new Error('MONGODB_URI must be set');
  const connection = await connect(env.mongodbUri, log);
  return { connection, close: () => connection.close() };
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
