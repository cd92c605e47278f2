import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { createSession, withTokenStore } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { fileTokenStore } from '../src/tokenStore/node.js';
import { PASSWORD } from './arrive.js';
import { startWorker } from './processes/startWorker.js';
import { startRealServer } from './realServer.js';
import { until } from './setup.js';

async function createFolder() {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-tokens-'));
  return {
    path,
    file: join(path, 'app', 'session'),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

let people = 0;

async function signUp(url: string, file: string) {
  const session = createSession(withTokenStore({ url, transformer: superjson }, fileTokenStore(file)));
  const username = `filer-${++people}`;
  await session.register({ username, email: `${username}@example.org`, password: PASSWORD });
  session.close();
}

function restored(url: string, file: string) {
  const session = createSession(withTokenStore({ url, transformer: superjson }, fileTokenStore(file)));
  return session.restore().finally(session.close);
}

async function generationIn(file: string): Promise<number> {
  return JSON.parse(await readFile(file, 'utf8')).generation;
}

test('keeps the token in a file for its owner alone, and leaves nothing else behind', async () => {
  await using folder = await createFolder();
  const store = fileTokenStore(folder.file);
  expect(await store.get()).toBeUndefined();
  await store.exclusively?.(async () => store.set('first'));
  await writeFile(`${folder.file}.next`, 'half of what a proc', { mode: 0o644 });
  await store.exclusively?.(async () => store.set('second'));
  expect(await store.get()).toBe('second');
  expect((await stat(folder.file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder.path, 'app'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(folder.path, 'app'))).toEqual(['session']);
  await store.exclusively?.(async () => store.set(undefined));
  expect(await readdir(join(folder.path, 'app'))).toEqual([]);
});

test('lets one process at a time change the file, and waits for none that was killed', async () => {
  await using folder = await createFolder();
  await using dead = startWorker('hold the lock', folder.file);
  await until(() => expect(dead.said).toEqual(['holding']));
  await using first = startWorker('count', folder.file);
  await using second = startWorker('count', folder.file);
  await dead.kill();
  expect(await Promise.all([first.exited, second.exited])).toEqual([0, 0]);
  expect([...first.complaints, ...second.complaints]).toEqual([]);
  expect(await readFile(folder.file, 'utf8')).toBe('200');
});

test('a process killed between an answer and the keeping of it is still signed in, even if it returns late', async () => {
  const clock = createTestClock();
  await using server = await startRealServer({ now: clock.now, lifetimeMs: 60_000 });
  await using folder = await createFolder();
  await signUp(server.url, folder.file);
  for (let round = 0; round < 3; round++) {
    const before = await generationIn(folder.file);
    await using worker = startWorker('stop before keeping', folder.file, server.url);
    await until(() => expect(worker.said).toEqual(['answered']));
    await worker.kill();
    expect(await generationIn(folder.file)).toBe(before);
    clock.advance(3_600_000);
    expect(await restored(server.url, folder.file)).toMatchObject({ status: 'authenticated' });
    expect(await generationIn(folder.file)).toBe(before + 1);
    clock.advance(3_600_000);
  }
});

test('processes that share a file stay signed in when some are killed again and again', async () => {
  // The server's time passes by requests: however slow a process is, its token is not overtaken by the clock.
  let requests: readonly string[] = [];
  await using server = await startRealServer({
    now: () => requests.length * 40,
    lifetimeMs: 2_000,
    graceMs: 10_000,
  });
  requests = server.requests;
  await using folder = await createFolder();
  await signUp(server.url, folder.file);
  const call = () => startWorker('call', folder.file, server.url);
  await using steady = call();
  const killed: ReturnType<typeof call>[] = [];
  for (let round = 0; round < 4; round++) {
    await using worker = call();
    await until(() => expect(worker.said.length).toBeGreaterThan(20 * (round + 1)));
    await worker.kill();
    killed.push(worker);
  }
  const before = steady.said.length;
  for (const { complaints } of [steady, ...killed]) expect(complaints).toEqual([]);
  await until(() => expect(steady.said.length).toBeGreaterThan(before));
  const generation = () => generationIn(folder.file);
  await until(async () => expect(await generation()).toBeGreaterThanOrEqual(2));
  await steady.kill();
  expect(await restored(server.url, folder.file)).toMatchObject({ status: 'authenticated' });
});
