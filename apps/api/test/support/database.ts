import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';

/** A database of its own on a running server; dropped when disposed. */
export interface TestDatabase extends AsyncDisposable {
  uri: string;
  connection: Connection;
}

/** Opens a fresh database on the server at MONGODB_URI. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env.MONGODB_URI;
  if (!server) throw new Error('MONGODB_URI is not set');
  const uri = withDatabase(server, `latchkey_api_${randomBytes(6).toString('hex')}`);
  const connection = await mongoose.createConnection(uri).asPromise();
  return {
    uri,
    connection,
    async [Symbol.asyncDispose]() {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

function withDatabase(uri: string, name: string) {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  return url.href;
}
