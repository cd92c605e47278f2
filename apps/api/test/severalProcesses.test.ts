import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { type DatabaseProcess, startDatabaseProcess } from './support/databaseProcess.js';
import { pollAfter } from './support/readiness.js';
import { type ServerProcess, startServerProcess } from './support/serverProcess.js';
import { readEvents } from './support/serverSentEvents.js';

const SECRETS = {
  ACCESS_TOKEN_SECRET: 'W3m0ZtqV8Jc1xk6uQyRb2nHs7dLfPg4aTzEoXi9C',
  REFRESH_TOKEN_SECRET: 'h8Kq2Vw5Yt9Rn1Lm6Xc3Bp7Zs4Df0Gj8AeUiOyQx',
  PASSWORD_PEPPER: 'n5Tb9Xe2Mq7Wv4Cz1Ky8Rj3Hd6Pf0LgSaUoIiEtN',
};
let database: DatabaseProcess;
let here: ServerProcess;
let there: ServerProcess;
let nodes: ServerProcess[] = [];

beforeAll(async () => {
  database = await startDatabaseProcess();
  const start = () => startServerProcess({ MONGODB_URI: database.uri, REVOCATION_POLL: '250ms', ...SECRETS });
  nodes = [here, there] = await Promise.all([start(), start(), start()]);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
  await database?.[Symbol.asyncDispose]();
});

async function signedInHere() {
  const api = createApi(here.url);
  await api.post('auth.register', newPerson());
  const elsewhere = createApi(there.url);
  Object.assign(elsewhere, { accessToken: api.accessToken, cookie: api.cookie });
  return { api, elsewhere };
}

test('each node accepts the tokens of the others', async () => {
  const { api, elsewhere } = await signedInHere();
  expect((await elsewhere.get('auth.me')).status).toBe(200);
  expect((await elsewhere.post('auth.refresh')).data.session.generation).toBe(1);
  expect((await api.post('auth.refresh')).data.session.generation).toBe(1);
});

test('a sign-out on one node ends the session on all at their next poll, streams included', async () => {
  for (const node of nodes) {
    const api = createApi(node.url);
    await api.post('auth.register', newPerson());
    const others = nodes.filter((other) => other !== node);
    const streams = await Promise.all(others.map((other) => openStream(other, api.accessToken)));

    expect((await api.post('auth.logout')).status).toBe(200);
    const signedOut = performance.now();
    expect((await api.get('whoami')).error?.reason).toBe('SESSION_REVOKED');
    for (const other of others) {
      await pollAfter(other.url, signedOut);
      const elsewhere = Object.assign(createApi(other.url), { accessToken: api.accessToken });
      expect((await elsewhere.get('whoami')).error?.reason).toBe('SESSION_REVOKED');
    }
    for (const events of streams) {
      const { value } = await events.next();
      expect(value?.event).toBe('serialized-error');
      expect(value?.data).toContain('SESSION_REVOKED');
    }
  }
});

async function openStream(node: ServerProcess, token: string | undefined) {
  const events = readEvents(`${node.url}/trpc/notes.onChange`, { token });
  expect((await events.next()).value?.event).toBe('connected');
  return events;
}

test('a note created on one node reaches a listener on another', async () => {
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
