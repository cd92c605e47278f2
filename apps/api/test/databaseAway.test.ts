import { expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { startDatabaseProcess } from './support/databaseProcess.js';
import { pollAfter, readiness } from './support/readiness.js';
import { startServerProcess } from './support/serverProcess.js';

test('without its database the server answers calls that need none, then recovers with everyone signed in', async () => {
  await using database = await startDatabaseProcess();
  await using server = await startServerProcess({ MONGODB_URI: database.uri, REFRESH_GRACE: '0s' });
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  expect((await readiness(server.url)).status).toBe(200);

  await database.kill();
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
  const early = await readiness(server.url);
  for (let call = 0; call < 50; call++)
    expect(await api.get('whoami')).toMatchObject({ status: 200, data: { generation: 0 } });
  const late = await readiness(server.url);
  expect([early.status, late.status]).toEqual([503, 503]);
  // The revocation feed only grows older meanwhile.
  expect(late.ageMs - early.ageMs).toBeGreaterThan(late.asked - early.answered - 2);

  await database.start();
  const back = performance.now();
  await expect.poll(async () => (await api.get('notes.list')).status).toBe(200);
  await pollAfter(server.url, back);
  expect((await readiness(server.url)).status).toBe(200);
  expect(await api.post('auth.refresh')).toMatchObject({ status: 200, data: { session: { generation: 1 } } });
  expect(await api.get('whoami')).toMatchObject({ status: 200, data: { generation: 1 } });
});
