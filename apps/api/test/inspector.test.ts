import { expect, test } from 'vitest';
import type { TimedServerEvent } from '../src/inspector/serverView.js';
import { type Api, createApi, newPerson } from './support/api.js';
import { productionEnv } from './support/productionEnv.js';
import { startTestServer } from './support/testServer.js';
import { useTestServer } from './support/useTestServer.js';

const { database, server } = await useTestServer({ REFRESH_GRACE: '1s' });

const OWN = { 'content-type': 'application/json', 'x-latchkey': '1' };

async function signedIn(): Promise<Api> {
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  return api;
}

/** The body of an order to the inspector, and headers in place of the usual ones. */
interface Order {
  headers?: Record<string, string>;
  [field: string]: unknown;
}

function order(api: Api, path: string, { headers = OWN, ...body }: Order = {}) {
  return fetch(`${server.url}/dev/inspector/${path}`, {
    method: 'POST',
    headers: { ...headers, ...(api.cookie && { cookie: api.cookie }) },
    body: JSON.stringify(body),
  });
}

/** Collects what the server publishes about the session in the jar. */
async function inspect(api: Api) {
  const stop = new AbortController();
  const res = await fetch(`${server.url}/dev/inspector/events`, {
    headers: api.cookie ? { cookie: api.cookie } : {},
    signal: stop.signal,
  });
  const seen: TimedServerEvent[] = [];
  const waiting = new Set<() => void>();
  const reading = (async () => {
    let pending = '';
    for await (const chunk of res.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      pending += chunk;
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks.filter((text) => !/^(event: greeting|:)/.test(text)))
        seen.push(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? ''));
      for (const look of waiting) look();
    }
  })().catch(() => {});
  return {
    seen,
    /** Resolves to the first matching event, past or future. */
    until: <T>(pick: (event: TimedServerEvent) => T | undefined) =>
      new Promise<T>((resolve) => {
        const look = () => {
          const found = seen.map(pick).find((value) => value !== undefined);
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reading;
    },
  };
}

function requestTo(path: string, fate: string) {
  return (event: TimedServerEvent) =>
    event.type === 'request' && event.request.path === path && event.request.fate === fate
      ? event.request
      : undefined;
}

function thiefIn(phase: string) {
  return (event: TimedServerEvent) =>
    event.type === 'thief' && event.thief.phase === phase ? event.thief : undefined;
}

test('does not exist in production', async () => {
  await using production = await startTestServer({
    MONGODB_URI: database.uri,
    ...productionEnv(),
  });
  const api = createApi(production.url);
  expect((await api.post('auth.register', newPerson())).status).toBe(200);
  const cookie = api.cookie ?? '';
  expect((await fetch(`${production.url}/dev/inspector/events`, { headers: { cookie } })).status).toBe(404);
  for (const path of ['troubles', 'thief', 'thief/strike']) {
    const init = { method: 'POST', headers: { ...OWN, cookie }, body: '{"lifeMs":2000}' };
    expect((await fetch(`${production.url}/dev/inspector/${path}`, init)).status).toBe(404);
  }
  expect((await api.post('auth.refresh')).data.expiresIn).toBe(900);
});

test('reveals nothing without a session, and takes no order from another site', async () => {
  const stranger = createApi(server.url);
  expect((await order(stranger, 'troubles', { lifeMs: 2_000 })).status).toBe(401);
  expect((await fetch(`${server.url}/dev/inspector/events`)).status).toBe(401);
  const api = await signedIn();
  expect((await order(api, 'thief', { headers: { 'content-type': 'application/json' } })).status).toBe(403);
  expect(
    (await order(api, 'thief', { headers: { ...OWN, origin: 'https://elsewhere.example' } })).status,
  ).toBe(403);
  expect((await order(api, 'thief', { headers: { ...OWN, 'sec-fetch-site': 'cross-site' } })).status).toBe(
    403,
  );
  expect((await order(api, 'troubles', { lifeMs: 1 })).status).toBe(400);
});

test('streams changes and requests of the session, and nothing about other sessions', async () => {
  const [api, other] = [await signedIn(), await signedIn()];
  await using view = await inspect(api);
  await using others = await inspect(other);
  await api.post('auth.refresh');
  await api.get('whoami');
  const refreshed = await view.until(requestTo('auth.refresh', 'answered'));
  expect(refreshed).toMatchObject({ from: 'browser', status: 200, refresh: { presented: 0, answered: 1 } });
  const session = await view.until((event) =>
    event.type === 'session' && event.session.acknowledged === 1 ? event.session : undefined,
  );
  expect(session).toMatchObject({ generation: 1, revokedAt: null });
  expect(session.graceUntil).toBe(session.rotatedAt + 1_000);
  expect(others.seen.filter(({ type }) => type === 'request')).toEqual([]);
  expect(JSON.stringify(view.seen)).not.toContain(api.cookie?.split('.')[3]);
});

test('shortens the life of one session’s access tokens', async () => {
  const [api, other] = [await signedIn(), await signedIn()];
  await order(api, 'troubles', { lifeMs: 5_000 });
  expect((await api.post('auth.refresh')).data.expiresIn).toBe(5);
  expect((await other.post('auth.refresh')).data.expiresIn).toBe(900);
  await order(api, 'troubles', { lifeMs: null });
  expect((await api.post('auth.refresh')).data.expiresIn).toBe(900);
});

test('loses the answer to the next refresh, but not its effect', async () => {
  const api = await signedIn();
  await using view = await inspect(api);
  await order(api, 'troubles', { lose: true });
  await expect(api.post('auth.refresh')).rejects.toThrow('fetch failed');
  const lost = await view.until(requestTo('auth.refresh', 'lost'));
  expect(lost.refresh).toEqual({ presented: 0, answered: 1 });
  await view.until((event) => (event.type === 'session' && event.session.generation === 1) || undefined);
  await expect
    .poll(() => api.post('auth.refresh').catch(() => undefined))
    .toMatchObject({
      status: 200,
      data: { session: { generation: 1 } },
    });
});

test('cuts off a session’s requests before they have an effect, until ordered to stop', async () => {
  const [api, other] = [await signedIn(), await signedIn()];
  await using view = await inspect(api);
  await order(api, 'troubles', { offlineMs: 60_000 });
  await expect(api.post('notes.create', { text: 'unheard' })).rejects.toThrow('fetch failed');
  await view.until(requestTo('notes.create', 'unheard'));
  expect((await other.get('whoami')).status).toBe(200);
  await order(api, 'troubles', { offlineMs: 0 });
  expect((await api.get('notes.list')).data).toEqual([]);
});

test('breaks the token of one call, which the guard refuses', async () => {
  const api = await signedIn();
  await using view = await inspect(api);
  await order(api, 'troubles', { spoil: true });
  expect((await api.get('whoami')).error?.reason).toBe('TOKEN_INVALID');
  expect((await api.get('whoami')).status).toBe(200);
  const refused = await view.until(requestTo('whoami', 'answered'));
  expect(refused).toMatchObject({ status: 401, reasons: ['TOKEN_INVALID'], spoiled: true });
});

test('a patient thief presents its copy after the grace period, is caught, and the session ends', async () => {
  const api = await signedIn();
  await using view = await inspect(api);
  await order(api, 'thief');
  await view.until(thiefIn('holding'));
  await api.post('auth.refresh');
  expect((await view.until(thiefIn('waiting'))).strikesAt).toBe(null);
  await api.get('whoami');
  expect(await view.until(thiefIn('refused'))).toMatchObject({ generation: 0, reason: 'REFRESH_REUSED' });
  const ended = await view.until((event) =>
    event.type === 'session' && event.session.revokedAt !== null ? event.session : undefined,
  );
  expect(ended.revokedReason).toBe('reuse');
  expect((await api.get('whoami')).error?.reason).toBe('SESSION_REVOKED');
});

test('when the thief refreshes first, the owner raises the alarm after the grace period', async () => {
  const api = await signedIn();
  await using view = await inspect(api);
  await order(api, 'thief');
  await order(api, 'thief/strike');
  expect((await view.until(thiefIn('let in'))).generation).toBe(1);
  await view.until((event) =>
    event.type === 'session' && event.session.acknowledged === 1 ? event.session : undefined,
  );
  const jar = api.cookie;
  const refresh = () => {
    api.cookie = jar;
    return api.post('auth.refresh');
  };
  // Within the grace period the owner may be a second tab.
  const { graceUntil } = await view.until((event) =>
    event.type === 'session' && event.session.generation === 1 ? event.session : undefined,
  );
  let answer = await refresh();
  while (answer.status === 200) {
    expect(answer.data.session.generation).toBe(1);
    answer = await refresh();
  }
  expect(answer.error?.reason).toBe('REFRESH_REUSED');
  // The server estimates the clock of the database, which is better than half a second.
  expect(Date.now()).toBeGreaterThan((graceUntil ?? Number.POSITIVE_INFINITY) - 500);
  expect((await view.until(thiefIn('gone'))).reason).toBe('reuse');
});
