import { afterAll } from 'vitest';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { startTestServer, type TestServer, type TestServerOptions } from './testServer.js';

/** What the tests of one file share. */
export interface SharedServer {
  readonly database: TestDatabase;
  readonly server: TestServer;
}

/** Starts a server on a new database for all tests of a file; call it at the top of the file. */
export async function useTestServer(
  options?: TestServerOptions,
  databaseOptions?: Parameters<typeof openTestDatabase>[0],
): Promise<SharedServer> {
  const database = await openTestDatabase(databaseOptions);
  const server = await startTestServer(database.connection, options);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  return { database, server };
}
