import { afterAll } from 'vitest';
import { openTestDatabase, type TestDatabase } from './database.js';
import { startTestServer, type TestServer } from './testServer.js';

export interface SharedServer {
  readonly database: TestDatabase;
  readonly server: TestServer;
}

/** Starts the app on a fresh database for all tests of a file. */
export async function useTestServer(env: Record<string, string> = {}): Promise<SharedServer> {
  const database = await openTestDatabase();
  const server = await startTestServer({ MONGODB_URI: database.uri, ...env });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  return { database, server };
}
