import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { type DatabaseProcess, startDatabaseProcess } from './support/databaseProcess.js';
import { type ServerProcess, startServerProcess } from './support/serverProcess.js';
import { readEvents } from './support/serverSentEvents.js';

/** REVOCATION_POLL's default. */
const POLL_MS = 1_000;
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
  const start = () => startServerProcess({ MONGODB_URI: database.uri, ...SECRETS });
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

test('each accepts the other’s tokens', async () => {
  const { api, elsewhere } = await signedInHere();
  expect((await elsewhere.get('auth.me')).status).toBe(200);
  expect((await elsewhere.post('auth.refresh')).data.session.generation).toBe(1);
  expect((await api.post('auth.refresh')).data.session.generation).toBe(1);
});

test('E36: a sign-out on one is refused on all, streams included, within the polling time and half a second', async () => {
  const calls: number[] = [];
  const streams: number[] = [];
  for (let round = 0; round < 4; round++) {
    // Spread over one polling time, so that the sign-outs meet the polls at any moment.
    const measured = nodes.map(async (node, index) => {
      await sleep((POLL_MS * index) / nodes.length);
      return signOutOn(node);
    });
    for (const latencies of await Promise.all(measured)) {
      calls.push(...latencies.calls);
      streams.push(...latencies.streams);
    }
  }
  console.log(
    `E36: refused elsewhere: calls ${summary(calls)}; streams ${summary(streams)}; poll ${POLL_MS} ms`,
  );
  expect(calls).toHaveLength(4 * 3 * 2);
  expect(streams).toHaveLength(4 * 3 * 2);
  expect(Math.max(...calls, ...streams)).toBeLessThan(POLL_MS + 500);
});

/** Signs in and out on one node, and measures how long the others serve the session after that, in ms. */
async function signOutOn(node: ServerProcess) {
  const api = createApi(node.url);
  await api.post('auth.register', newPerson());
  const others = nodes.filter((other) => other !== node);
  const listening = others.map(async (other) => {
    const events = readEvents(`${other.url}/trpc/notes.onChange`, { token: api.accessToken ?? '' });
    expect((await events.next()).value?.event).toBe('connected');
    return events;
  });
  const streams = await Promise.all(listening);
  expect((await api.post('auth.logout')).status).toBe(200);
  const signedOut = performance.now();
  expect((await api.get('whoami')).error?.reason).toBe('SESSION_REVOKED');
  return {
    calls: await Promise.all(others.map((other) => refusedAfter(other, api.accessToken, signedOut))),
    streams: await Promise.all(streams.map((events) => endedAfter(events, signedOut))),
  };
}

async function refusedAfter(node: ServerProcess, accessToken: string | undefined, since: number) {
  const api = createApi(node.url);
  api.accessToken = accessToken;
  for (;;) {
    const { status, error } = await api.get('whoami');
    if (error?.reason === 'SESSION_REVOKED') return performance.now() - since;
    expect(status).toBe(200);
    await sleep(20);
  }
}

async function endedAfter(events: ReturnType<typeof readEvents>, since: number) {
  const { value } = await events.next();
  const latency = performance.now() - since;
  expect(value?.event).toBe('serialized-error');
  expect(value?.data).toContain('SESSION_REVOKED');
  return latency;
}

function summary(latencies: number[]) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `median ${Math.round(median)} ms, at most ${Math.round(Math.max(...sorted))} ms of ${sorted.length}`;
}

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
