import { MongoClient } from 'mongodb';

/** The URI of the database that this peer was given. */
export function databaseUri(): string {
  const uri = process.env.PEER_DATABASE_URI;
  if (uri === undefined) throw new Error('PEER_DATABASE_URI is not set.');
  return uri;
}

/** A connected driver. */
export async function connectDriver(): Promise<MongoClient> {
  return new MongoClient(databaseUri()).connect();
}
