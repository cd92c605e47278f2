import { MongoClient } from 'mongodb';

/** A connected driver. */
export async function connectDriver(uri: string): Promise<MongoClient> {
  return new MongoClient(uri).connect();
}
