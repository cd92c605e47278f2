import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../src/env/freePort.js';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { startTestServer } from './support/testServer.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

function sharedSecrets() {
  const secret = () => randomBytes(32).toString('base64url');
  return { ACCESS_TOKEN_SECRET: secret(), REFRESH_TOKEN_SECRET: secret(), PASSWORD_PEPPER: secret() };
}

async function scrape(url: string) {
  const res = await fetch(`${url}/metrics`);
  return { status: res.status, type: res.headers.get('content-type'), text: await res.text() };
}

function samples(text: string, name: string) {
  return { count: (labels: string) => sampleOf(text, `${name}{${labels}}`) };
}

function sampleOf(text: string, sample: string) {
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${sample} `))
      ?.split(' ')
      .at(-1),
  );
}

test('counts security events and requests, and reports the age of the revocation feed', async () => {
  await using server = await startTestServer({ MONGODB_URI: database.uri, REVOCATION_POLL: '50ms' });
  const person = newPerson();
  const api = createApi(server.url);
  await api.post('auth.register', person);
  await api.post('auth.login', { identifier: person.username, password: 'not the password' });
  const { status, type, text } = await scrape(server.url);
  expect(status).toBe(200);
  expect(type).toMatch(/^text\/plain/);
  expect(sampleOf(text, 'latchkey_security_events_total{type="user_created"}')).toBe(1);
  expect(sampleOf(text, 'latchkey_security_events_total{type="authn_login_fail"}')).toBe(1);
  expect(sampleOf(text, 'latchkey_revocation_feed_age_seconds')).toBeLessThan(5);
  const { count } = samples(text, 'http_request_duration_seconds_count');
  expect(count('procedure="auth.login",method="POST",status="401"')).toBe(1);
  expect(count('procedure="auth.register",method="POST",status="200"')).toBe(1);
  expect(text).not.toContain(person.username);
});

test('counts sign-ins by outcome, and refreshes by decision', async () => {
  await using server = await startTestServer({ MONGODB_URI: database.uri, REFRESH_GRACE: '0s' });
  const person = newPerson();
  const api = createApi(server.url);
  await api.post('auth.register', person);
  const first = api.cookie;
  const { identifier, password } = { identifier: person.username, password: person.password };
  await createApi(server.url).post('auth.login', { identifier, password });
  await createApi(server.url).post('auth.login', { identifier, password: 'wrong' });
  await createApi(server.url).post('auth.login', { identifier: 'nobody', password: 'wrong' });
  await api.post('auth.refresh');
  await createApi(server.url).post('auth.refresh', undefined, { cookie: first ?? '' });
  await createApi(server.url).post('auth.refresh', undefined, { cookie: `${first}x` });
  // Its successor was used, so the superseded token counts as stolen from now on.
  await api.get('whoami');
  await expect
    .poll(async () => {
      await createApi(server.url).post('auth.refresh', undefined, { cookie: first ?? '' });
      return sampleOf((await scrape(server.url)).text, 'latchkey_reuse_alarms_total');
    })
    .toBe(1);
  await api.post('auth.refresh');
  const { text } = await scrape(server.url);
  const signIns = samples(text, 'latchkey_sign_ins_total');
  expect([signIns.count('outcome="success"'), signIns.count('outcome="failure"')]).toEqual([1, 2]);
  const refreshes = samples(text, 'latchkey_refreshes_total');
  expect(refreshes.count('decision="rotate"')).toBe(1);
  expect(refreshes.count('decision="replay"')).toBeGreaterThanOrEqual(1);
  expect(refreshes.count('decision="invalid"')).toBe(1);
  expect(refreshes.count('decision="reuse"')).toBe(1);
  expect(refreshes.count('decision="revoked"')).toBeGreaterThanOrEqual(1);
});

test('counts a success after failures as a success, and reports the hashing queue', async () => {
  await using server = await startTestServer({ MONGODB_URI: database.uri });
  const person = newPerson();
  await createApi(server.url).post('auth.register', person);
  const signIn = (password: string) =>
    createApi(server.url).post('auth.login', { identifier: person.username, password });
  for (let failures = 0; failures < 3; failures++) await signIn('wrong');
  await signIn(person.password);
  const { text } = await scrape(server.url);
  expect(samples(text, 'latchkey_sign_ins_total').count('outcome="success"')).toBe(1);
  expect(samples(text, 'latchkey_security_events_total').count('type="authn_login_successafterfail"')).toBe(
    1,
  );
  const hashes = samples(text, 'latchkey_password_hashes');
  expect([hashes.count('state="running"'), hashes.count('state="waiting"')]).toEqual([0, 0]);
  expect(sampleOf(text, 'latchkey_password_hashes_refused_total')).toBe(0);
});

test('reports how long a revocation took to arrive from another node', async () => {
  const env = { MONGODB_URI: database.uri, REVOCATION_POLL: '50ms', ...sharedSecrets() };
  await using here = await startTestServer(env);
  await using there = await startTestServer(env);
  const lag = async () => sampleOf((await scrape(here.url)).text, 'latchkey_revocation_lag_seconds');
  expect(await lag()).toBeNaN();
  const api = createApi(there.url);
  await api.post('auth.register', newPerson());
  await api.post('auth.logout');
  await expect.poll(lag).toBeGreaterThanOrEqual(0);
});

test('nothing that a client sends creates a new series', async () => {
  await using server = await startTestServer({ MONGODB_URI: database.uri });
  // The other series are about the process: some, such as kinds of garbage collection, appear later.
  const seriesOf = async () =>
    (await scrape(server.url)).text.match(/^(?:latchkey|http)_\S+ |^(?:latchkey|http)_.*\} /gm) ?? [];
  const attack = async (round: number) => {
    const name = `hostile${round}`;
    for (const path of [
      `/trpc/${name}`,
      `/trpc/auth.login,${name}`,
      `/trpc/${name}/auth.me`,
      '/trpc/__proto__',
      `/trpc/auth.me%22%7D%0Alatchkey_${name}%201`,
      `/${name}`,
      `/trpc/auth.me?input=${name}`,
      `/auth/${name}`,
      '/trpc/%E0%A4%A',
    ])
      await fetch(server.url + path, { headers: { 'user-agent': name, origin: `https://${name}.example` } });
    await fetch(`${server.url}/trpc/auth.me`, { method: name.toUpperCase() });
    const api = createApi(server.url);
    await api.post('auth.login', { identifier: `"} ${name}\n`, password: name });
    await api.post('auth.register', { ...newPerson(), username: name, [name]: name });
    await api.post('auth.refresh', undefined, { cookie: `__Host-latchkey-refresh=${name}` });
    await api.get('auth.me', { authorization: `Bearer ${name}` });
  };
  // The first scrape creates a series itself.
  await seriesOf();
  await attack(0);
  const once = await seriesOf();
  for (let round = 1; round < 20; round++) await attack(round);
  const often = await seriesOf();
  expect(once.length).toBeGreaterThan(50);
  expect(often).toEqual(once);
  expect((await scrape(server.url)).text).not.toContain('hostile');
});

test('serves metrics only on METRICS_PORT if that is set', async () => {
  const port = await freePort('127.0.0.1');
  await using server = await startTestServer({ MONGODB_URI: database.uri, METRICS_PORT: String(port) });
  expect((await scrape(server.url)).status).toBe(404);
  const { status, text } = await scrape(`http://localhost:${port}`);
  expect(status).toBe(200);
  expect(text).toContain('latchkey_revocation_feed_age_seconds');
});
