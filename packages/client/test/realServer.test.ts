import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AuthError, authLink, changePassword } from '../src/index.js';
import { createFaults, createTestClock } from '../src/testing/index.js';
import { arrive, PASSWORD } from './arrive.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';
import { until } from './setup.js';

const LIFE = 60_000;
const clock = createTestClock();
const day = new Date('2026-01-02T03:04:05.678Z');
let server: RealServer;

beforeAll(async () => {
  server = await startRealServer({ now: clock.now, lifetimeMs: LIFE });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.requests.length = 0;
  server.received.length = 0;
});

function register() {
  const { url } = server;
  const faults = createFaults(clock);
  const person = arrive(
    {
      url,
      network: faults.fetch,
      connect: (session, fetch) =>
        createTRPCClient<RealRouter>({
          links: [
            authLink(session),
            httpBatchLink({ url, transformer: superjson, headers: session.headers, fetch }),
          ],
        }),
    },
    clock,
  );
  return person.then((arrived) => ({ ...arrived, faults }));
}

function refreshes() {
  return server.requests.filter((path) => path === 'auth.refresh').length;
}

test('answers a batch of calls after the end of their token, by one refresh', async () => {
  using person = await register();
  person.session.close();
  const late = person.browser.openTab();
  await late.session.restore();
  clock.advance(LIFE + 1_000);
  const answers = await Promise.all([
    late.trpc.auth.me.query(),
    late.trpc.write.mutate(day),
    late.trpc.write.mutate(day),
    late.trpc.open.query(),
  ]);
  expect(answers[0].username).toBe(person.username);
  expect(server.received).toEqual([day, day]);
  expect(refreshes()).toBe(2);
});

test('goes through many generations and keeps one session', async () => {
  using person = await register();
  const expiry = person.session.getSnapshot();
  for (let round = 0; round < 8; round++) {
    clock.advance(LIFE + 1_000);
    expect((await person.trpc.auth.me.query()).username).toBe(person.username);
  }
  expect(person.session.getSnapshot()).toEqual(expiry);
  expect(refreshes()).toBe(8);
});

test('keeps racing tabs of one cookie jar signed in, without locks or a channel', async () => {
  using person = await register();
  const tabs = Array.from({ length: 6 }, () => person.browser.openTab({ channel: false }));
  await Promise.all(tabs.map(({ session }) => session.restore()));
  for (let round = 0; round < 3; round++) {
    clock.advance(LIFE + 1_000);
    const names = await Promise.all(tabs.map(async ({ trpc }) => (await trpc.auth.me.query()).username));
    expect(new Set(names)).toEqual(new Set([person.username]));
  }
});

test('survives lost answers of refreshes, one after the other', async () => {
  using person = await register();
  // The server rotates each time, but neither the answer nor its cookie ever arrives.
  person.faults.always('lose the response');
  const tab = person.browser.openTab({ channel: false });
  expect((await tab.session.restore()).status).toBe('unreachable');
  clock.advance(40_000);
  await until(() => expect(refreshes()).toBeGreaterThanOrEqual(2));
  await until(() => expect(tab.session.getSnapshot().status).toBe('unreachable'));
  person.faults.always();
  // The lost one may still be under way, which this joins.
  await tab.session.refresh().catch(() => {});
  await tab.session.refresh();
  expect((await tab.trpc.auth.me.query()).username).toBe(person.username);
});

test('ends with the reason when the session was signed out elsewhere', async () => {
  using person = await register();
  const other = person.browser.openTab({ channel: false });
  await other.session.restore();
  await other.session.logout();
  await expect(person.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } });
  expect(person.session.getSnapshot()).toMatchObject({ status: 'ended', user: null });
});

test('signs out for good', async () => {
  using person = await register();
  const copy = new Map(person.browser.jar);
  await person.session.logout();
  expect(person.browser.jar.size).toBe(0);
  for (const [name, value] of copy) person.browser.jar.set(name, value);
  const revived = person.browser.openTab({ channel: false });
  expect(await revived.session.restore()).toMatchObject({ status: 'ended', reason: 'SESSION_REVOKED' });
});

test("passes the server's messages on to the forms", async () => {
  using person = await register();
  const { session } = person.browser.openTab({ channel: false });
  const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
  const wrong = await failure(session.login({ identifier: person.username, password: 'not this one' }));
  expect(wrong).toBeInstanceOf(AuthError);
  expect(wrong).toMatchObject({ data: { reason: 'INVALID_CREDENTIALS' } });
  const taken = await failure(
    session.register({ username: person.username, email: 'other@example.org', password: PASSWORD }),
  );
  expect(taken).toMatchObject({ data: { reason: 'USERNAME_TAKEN', code: 'CONFLICT' } });
  const short = await failure(session.register({ username: 'x', email: 'none', password: 'short' }));
  expect(short).toMatchObject({ data: { reason: 'VALIDATION' } });
  expect(Object.keys((short as AuthError).data?.fields ?? {}).sort()).toEqual([
    'email',
    'password',
    'username',
  ]);
});

const NEW_PASSWORD = 'five other unlikely words';

test('takes over the session that a change of password begins, in every tab, as the same person', async () => {
  using person = await register();
  const other = person.browser.openTab();
  await other.session.restore();
  const identities = [person, other].map(({ session }) => {
    const onChange = vi.fn();
    session.onIdentityChange(onChange);
    return onChange;
  });
  const before = person.session.headers().authorization;
  person.faults.endTokens();
  const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  expect((await changePassword(person.session, input)).username).toBe(person.username);
  const after = person.session.headers().authorization;
  expect(after).not.toBe(before);
  await until(() => expect(other.session.headers().authorization).toBe(after));
  const refreshed = refreshes();
  for (const { trpc } of [person, other]) expect((await trpc.auth.me.query()).username).toBe(person.username);
  expect(refreshes()).toBe(refreshed);
  for (const onChange of identities) expect(onChange).not.toHaveBeenCalled();
  expect([...person.statuses, ...other.statuses]).not.toContain('ended');
  clock.advance(3_600_000);
  expect((await other.trpc.auth.me.query()).username).toBe(person.username);
});

test("adopts the credentials that a call through the app's own links brought", async () => {
  using person = await register();
  const other = person.browser.openTab();
  await other.session.restore();
  person.session.adopt(
    await person.trpc.auth.password.change.mutate({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
  );
  const { authorization } = person.session.headers();
  await until(() => expect(other.session.headers().authorization).toBe(authorization));
  const refreshed = refreshes();
  expect((await person.trpc.auth.me.query()).username).toBe(person.username);
  expect(refreshes()).toBe(refreshed);
});

test('recovers by one refresh where such credentials were not adopted', async () => {
  using person = await register();
  await person.trpc.auth.password.change.mutate({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
  expect((await person.trpc.auth.me.query()).username).toBe(person.username);
  expect(refreshes()).toBe(1);
  expect(person.statuses).not.toContain('ended');
});

test('reports to the form why a password was not changed', async () => {
  using person = await register();
  const change = (currentPassword: string, newPassword: string) =>
    changePassword(person.session, { currentPassword, newPassword });
  await expect(change('not this one', NEW_PASSWORD)).rejects.toMatchObject({
    data: { reason: 'INVALID_CREDENTIALS' },
  });
  await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ data: { reason: 'VALIDATION' } });
  expect(person.session.getSnapshot().status).toBe('authenticated');
});
