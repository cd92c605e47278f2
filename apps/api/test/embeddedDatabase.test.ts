import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { startServerProcess } from './support/serverProcess.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-embedded-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function start() {
  return startServerProcess({ DATA_DIR: dataDir });
}

test('without MONGODB_URI all data is in DATA_DIR and survives the process', async () => {
  const person = newPerson();
  let cookie: string | undefined;
  {
    await using server = await start();
    const before = createApi(server.url);
    await before.post('auth.register', person);
    await before.post('notes.create', { text: 'kept' });
    cookie = before.cookie;
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  }
  await using server = await start();
  const after = createApi(server.url);
  after.cookie = cookie;
  expect((await after.post('auth.refresh')).data.user.username).toBe(person.username);
  expect((await after.get('notes.list')).data).toMatchObject([{ text: 'kept' }]);
});

test('when one of several processes on a DATA_DIR is killed, the others keep everyone signed in', async () => {
  await using first = await start();
  await using second = await start();
  const person = newPerson();
  const api = createApi(first.url);
  expect((await api.post('auth.register', person)).status).toBe(200);
  first.child.kill('SIGKILL');
  await first.exited;

  const survivor = createApi(second.url);
  survivor.cookie = api.cookie;
  await expect.poll(async () => (await survivor.post('auth.refresh')).status).toBe(200);
  expect((await survivor.get('auth.me')).data.username).toBe(person.username);
});
