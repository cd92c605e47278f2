import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import mongoose from 'mongoose';
import { DATA_DIR } from './settings.js';

/** The app's connection; its models are made on it before it is opened. */
export const connection = mongoose.createConnection();

/** Opens it on MONGODB_URI, else on a database in the app's own process. */
export async function openDatabase(): Promise<void> {
  const { MONGODB_URI } = process.env;
  await connection.openUri(MONGODB_URI ?? (await startEmbeddedMongo({ dataDir: DATA_DIR })).uri);
}
