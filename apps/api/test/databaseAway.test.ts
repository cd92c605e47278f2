import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { startDatabaseProcess } from './support/databaseProcess.js';
import { startServerProcess } from './support/serverProcess.js';

const AWAY_MS = 4_000;

test('E34: while its database is dead the server answers what needs none, then recovers by itself with everybody signed in', async () => {
  await using database = await startDatabaseProcess();
  await using server = await startServerProcess({ MONGODB_URI: database.uri, REFRESH_GRACE: '1s' });
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  const feedAge = async () => {
    const res = await fetch(`${server.url}/readyz`);
    const body = (await res.json()) as { revocationFeed: { ageMs: number } };
    return { status: res.status, ageMs: body.revocationFeed.ageMs };
  };
  expect((await feedAge()).ageMs).toBeLessThan(2_000);

  await database.kill();
  const killed = performance.now();
  for (const asking of [
    api.get('notes.list'),
    api.post('notes.create', { text: 'lost?' }),
    api.post('auth.refresh'),
    createApi(server.url).post('auth.login', { identifier: 'anybody', password: 'whatever it is' }),
  ]) {
    const { status, headers, error } = await asking;
    expect({ status, code: error?.code }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  }
  while (performance.now() - killed < AWAY_MS) {
    expect(await api.get('whoami')).toMatchObject({ status: 200, data: { generation: 0 } });
    await sleep(50);
  }
  const away = await feedAge();
  expect(away.status).toBe(503);
  expect(away.ageMs).toBeGreaterThan(AWAY_MS - 1_500);

  await database.start();
  const back = performance.now();
  await expect.poll(async () => (await api.get('notes.list')).status, { timeout: 15_000 }).toBe(200);
  const reading = performance.now() - back;
  await expect.poll(async () => (await feedAge()).ageMs, { timeout: 15_000 }).toBeLessThan(2_000);
  const hearing = performance.now() - back;
  console.log(
    `E34: after the database, reads ${reading.toFixed()} ms, revocation feed ${hearing.toFixed()} ms`,
  );
  expect((await feedAge()).status).toBe(200);
  expect(await api.post('auth.refresh')).toMatchObject({ status: 200, data: { session: { generation: 1 } } });
  expect(await api.get('whoami')).toMatchObject({ status: 200, data: { generation: 1 } });
}, 45_000);
