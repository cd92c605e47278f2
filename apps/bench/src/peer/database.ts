import { MongoClient } from 'mongodb';

export async function connectDriver(uri: string): Promise<MongoClient> {
  return new MongoClient(uri).connect();
}
