import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { type ServerProcess, startServerProcess } from './support/serverProcess.js';
import { readEvents } from './support/serverSentEvents.js';

const pollMs = 300;
const secrets = {
  ACCESS_TOKEN_SECRET: 'W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg4aTzEoXi9C',
  REFRESH_TOKEN_SECRET: 'h8Kq2Vw5Yt9Rn1Lm6Xc3Bp7Zs4Df0Gj8AeUiOyQx',
  PASSWORD_PEPPER: 'n5Tb9Xe2Mq7Wv4Cz1Ky8Rj3Hd6Pf0LgSaUoIiEtN',
};
let database: TestDatabase;
let here: ServerProcess;
let there: ServerProcess;

beforeAll(async () => {
  database = await openTestDatabase();
  const env = { MONGODB_URI: database.uri, REVOCATION_POLL: `${pollMs}ms`, ...secrets };
  [here, there] = await Promise.all([startServerProcess(env), startServerProcess(env)]);
});
afterAll(async () => {
  await Promise.all([here?.[Symbol.asyncDispose](), there?.[Symbol.asyncDispose]()]);
  await database?.[Symbol.asyncDispose]();
});

async function signedInHere() {
  const api = createApi(here.url);
  await api.post('auth.register', newPerson());
  const elsewhere = createApi(there.url);
  Object.assign(elsewhere, { accessToken: api.accessToken, cookie: api.cookie });
  return { api, elsewhere };
}

test('each accepts the other’s tokens', async () => {
  const { api, elsewhere } = await signedInHere();
  expect((await elsewhere.get('auth.me')).status).toBe(200);
  expect((await elsewhere.post('auth.refresh')).data.session.generation).toBe(1);
  expect((await api.post('auth.refresh')).data.session.generation).toBe(1);
});

test('E36: a sign-out on one is refused on the other within the polling time and half a second', async () => {
  const { api, elsewhere } = await signedInHere();
  await elsewhere.get('auth.me');
  await api.post('auth.logout');
  const signedOut = performance.now();
  await expect
    .poll(async () => (await elsewhere.get('auth.me')).error?.reason, { interval: 20, timeout: 5_000 })
    .toBe('SESSION_REVOKED');
  expect(performance.now() - signedOut).toBeLessThan(pollMs + 500);
});

test('E36: a sign-out on one ends a stream on the other with the reason', async () => {
  const { api, elsewhere } = await signedInHere();
  const events = readEvents(`${there.url}/trpc/notes.onChange`, { token: elsewhere.accessToken });
  expect((await events.next()).value?.event).toBe('connected');
  await api.post('auth.logout');
  const signedOut = performance.now();
  const { value } = await events.next();
  expect(value?.event).toBe('serialized-error');
  expect(value?.data).toContain('SESSION_REVOKED');
  expect(performance.now() - signedOut).toBeLessThan(pollMs + 500);
});

test('a note made on one reaches a listener on the other', async () => {
  const { api, elsewhere } = await signedInHere();
  const events = readEvents(
    `${there.url}/trpc/notes.onChange?input=${encodeURIComponent('{"lastEventId":"0"}')}`,
    {
      token: elsewhere.accessToken,
    },
  );
  const { data: note } = await api.post('notes.create', { text: 'from here' });
  await events.next();
  const { value } = await events.next();
  expect(JSON.parse(value?.data ?? '')).toEqual({ type: 'created', note });
  await events.return(undefined);
});
