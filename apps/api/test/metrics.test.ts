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

async function scrape(url: string) {
  const res = await fetch(`${url}/metrics`);
  return { status: res.status, type: res.headers.get('content-type'), text: await res.text() };
}

const sampleOf = (text: string, sample: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${sample} `))
      ?.split(' ')
      .at(-1),
  );

test('counts security events and requests, and tells how old the revocation feed is', async () => {
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
  expect(sampleOf(text, 'http_request_duration_seconds_count{method="POST",status="401"}')).toBe(1);
  expect(text).not.toContain(person.username);
});

test('serves them on METRICS_PORT alone where that is set', async () => {
  const port = await freePort('127.0.0.1');
  await using server = await startTestServer({ MONGODB_URI: database.uri, METRICS_PORT: String(port) });
  expect((await scrape(server.url)).status).toBe(404);
  const { status, text } = await scrape(`http://localhost:${port}`);
  expect(status).toBe(200);
  expect(text).toContain('latchkey_revocation_feed_age_seconds');
});
