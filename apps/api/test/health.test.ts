import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { readiness } from './support/readiness.js';
import { startTestServer } from './support/testServer.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

test('/healthz answers', async () => {
  await using server = await startTestServer({ MONGODB_URI: database.uri });
  const res = await fetch(`${server.url}/healthz`);
  expect(res.status).toBe(200);
  expect(await res.json()).toEqual({ status: 'ok' });
});

test('without its database the server is alive but not ready, answers 503, and recovers by itself', async () => {
  await using line = await startLine(database.uri);
  await using server = await startTestServer({ MONGODB_URI: line.uri });
  const api = createApi(server.url);
  const person = newPerson();
  await api.post('auth.register', person);
  const ready = () => readiness(server.url);
  expect(await ready()).toMatchObject({
    status: 200,
    body: { database: 'up', revocationFeed: { ageMs: expect.any(Number) } },
  });

  await line.cut();
  expect(await ready()).toMatchObject({ status: 503, body: { database: 'down' } });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const refused = await api.post('auth.login', { identifier: person.username, password: person.password });
  expect(refused.status).toBe(503);
  expect(refused.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.text).not.toMatch(/mongo|127\.0\.0\.1|ECONNREFUSED/i);

  await line.mend();
  await expect.poll(async () => (await ready()).status).toBe(200);
  expect((await api.post('auth.refresh')).status).toBe(200);
});

/** A line to the database that can be cut. */
async function startLine(uri: string) {
  const target = new URL(uri);
  const address = decodeURIComponent(target.hostname);
  const reach = () =>
    address.endsWith('.sock') ? connect(address) : connect(Number(target.port || 27017), address);
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = reach();
    for (const socket of [near, far]) {
      open.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          open.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  return {
    uri: `mongodb://127.0.0.1:${port}${target.pathname}?directConnection=true`,
    cut,
    mend: () => listen(port),
    [Symbol.asyncDispose]: cut,
  };
}
