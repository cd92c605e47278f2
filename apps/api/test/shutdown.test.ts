import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { runServerProcess, type ServerProcess, startServerProcess } from './support/serverProcess.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

function start() {
  return startServerProcess({ MONGODB_URI: database.uri });
}

/** Whether the server gave up waiting for connections, as it does after some seconds. */
function cutOff(server: ServerProcess) {
  return server.output.some((line) => line.includes('were cut off'));
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s finishes the request in flight, refuses new ones and exits 0',
  async (signal) => {
    await using server = await start();
    const req = request(`${server.url}/trpc/auth.register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1', expect: '100-continue' },
    });
    req.flushHeaders();
    await once(req, 'continue');

    server.child.kill(signal);
    await expect.poll(() => server.output.some((line) => line.includes('"msg":"stopping"'))).toBe(true);
    // A signal to npm's process group comes twice.
    server.child.kill(signal);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    req.end(JSON.stringify(newPerson()));
    const [res] = await once(req, 'response');
    res.resume();

    expect(res.statusCode).toBe(200);
    expect(await server.exited).toBe(0);
    expect(cutOff(server)).toBe(false);
  },
);

test('does not wait for idle connections', async () => {
  await using server = await start();
  await (await fetch(`${server.url}/healthz`)).text();
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(cutOff(server)).toBe(false);
});

test('tells subscribers to come back and does not wait for them', async () => {
  await using server = await start();
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  const stream = await fetch(`${server.url}/trpc/notes.onChange`, {
    headers: { authorization: `Bearer ${api.accessToken}` },
  });
  server.child.kill('SIGTERM');
  expect(await stream.text()).toContain('SERVICE_UNAVAILABLE');
  expect(await server.exited).toBe(0);
  expect(cutOff(server)).toBe(false);
});

test('E5: goes on after requests that are cut off or broken', async () => {
  await using server = await start();
  for (let i = 0; i < 20; i++) {
    const req = request(`${server.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1', 'content-length': '500' },
    });
    const closed = new Promise((resolve) => req.on('error', () => {}).on('close', resolve));
    req.write('{"identifier":');
    setTimeout(() => req.destroy(), i);
    await closed;
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('stops the boot with a line per problem and exit code 1', async () => {
  const { code, stdout, stderr } = await runServerProcess({
    PORT: 'canary',
    BCRYPT_COST: '99',
    NODE_ENV: 'production',
  });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(
    stderr
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
      .sort(),
  ).toEqual(['BCRYPT_COST', 'PORT']);
  expect(stderr).not.toContain('canary');
});

test('K1: production refuses to start without secrets', async () => {
  const { code, stderr } = await runServerProcess({
    NODE_ENV: 'production',
    APP_URL: 'https://app.example.com',
  });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    'ACCESS_TOKEN_SECRET must be set in production',
    'REFRESH_TOKEN_SECRET must be set in production',
    'PASSWORD_PEPPER must be set in production',
  ]);
});

test('a port in use stops the boot with exit code 1', async () => {
  await using server = await start();
  const { port } = new URL(server.url);
  const { code, stdout } = await runServerProcess({
    NODE_ENV: 'test',
    MONGODB_URI: database.uri,
    PORT: port,
  });
  expect(code).toBe(1);
  expect(stdout).toContain('EADDRINUSE');
});
