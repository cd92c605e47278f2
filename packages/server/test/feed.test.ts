import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { startTestServer, testSecrets } from './testServer.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Opens a proxy to the database whose connections can be cut. */
async function openProxy(uri: string) {
  const target = new URL(uri);
  const host = decodeURIComponent(target.hostname);
  const sockets = new Set<Socket>();
  let cut = false;
  const server = createServer((incoming) => {
    if (cut) return incoming.destroy();
    const outgoing = host.startsWith('/')
      ? connect(host)
      : connect(Number(target.port || 27017), host.replace(/^\[|\]$/g, ''));
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const through = new URL(uri);
  through.host = `127.0.0.1:${port}`;
  through.searchParams.set('directConnection', 'true');
  return {
    uri: through.href,
    cut() {
      cut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      cut = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('T8: a node whose revocation feed fails', () => {
  it('reports the age of the feed, refuses strict calls, answers calls that need no database, and recovers', async () => {
    const secrets = testSecrets();
    const revocation = { pollMs: 20, maxAgeMs: 300 };
    await using proxy = await openProxy(database.uri);
    const connection = await mongoose
      .createConnection(proxy.uri, { serverSelectionTimeoutMS: 5_000, autoIndex: false })
      .asPromise();
    await using elsewhere = await startTestServer(database.connection, { secrets });
    await using node = await startTestServer(connection, { secrets, revocation });
    const client = createTestClient(elsewhere.url);
    await client.register('cutoff');
    const here = client.copy(node.url);
    expect((await here.query('host.strict')).status).toBe(200);
    await expect.poll(() => node.auth.status().revocationFeed.healthy).toBe(true);

    proxy.cut();
    await expect.poll(() => node.auth.status().revocationFeed.healthy).toBe(false);
    expect(node.auth.status().revocationFeed.ageMs).toBeGreaterThan(300);
    await client.mutate('auth.logout');
    // It cannot know yet: that is why it reports the age.
    expect((await here.query('host.who')).status).toBe(200);
    const strict = await here.query('host.strict');
    expect(strict).toMatchObject({ status: 503, error: { data: { code: 'SERVICE_UNAVAILABLE' } } });
    expect(strict.headers.get('retry-after')).toBe('1');
    expect(node.events.some(({ type }) => type === 'background_error')).toBe(true);

    proxy.mend();
    await expect.poll(() => node.auth.status().revocationFeed.healthy).toBe(true);
    expect((await here.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await here.query('host.strict')).error?.data.reason).toBe('SESSION_REVOKED');
    await connection.destroy();
  });

  it('refuses a strict call of a session that ended in the database, while only the feed fails', async () => {
    const secrets = testSecrets();
    const connection = await database.connect();
    await using elsewhere = await startTestServer(database.connection, { secrets });
    await using node = await startTestServer(connection, {
      secrets,
      revocation: { pollMs: 600_000, maxAgeMs: 50 },
    });
    const client = createTestClient(elsewhere.url);
    await client.register('unheard');
    const here = client.copy(node.url);
    await expect.poll(() => node.auth.status().revocationFeed.healthy).toBe(false);
    expect((await here.query('host.strict')).status).toBe(200);
    await client.mutate('auth.logout');
    expect((await here.query('host.strict')).error?.data.reason).toBe('SESSION_REVOKED');
    await connection.destroy();
  });
});
