import { expect, test, vi } from 'vitest';
import type { Session } from '../src/index.js';
import { createGate, setUp, turn, until } from './setup.js';

function becomes(session: Session, status: string) {
  return until(() => expect(session.getSnapshot().status).toBe(status));
}

const HTML = { status: 502, body: '<html>Bad gateway</html>' };
const LIMITED = { status: 429, body: 'slow down', headers: { 'retry-after': '20' } };

/** An error as tRPC answers it. */
function refusal(status: number, data: { code: string; reason?: string }) {
  return {
    status,
    body: JSON.stringify({ error: { code: -32001, message: '', data: { httpStatus: status, ...data } } }),
  };
}

const unavailable = refusal(503, { code: 'SERVICE_UNAVAILABLE' });
const unexplained = refusal(401, { code: 'UNAUTHORIZED' });
const late = refusal(401, { code: 'UNAUTHORIZED', reason: 'REFRESH_STALE' });
const HTML401 = { status: 401, body: '<html>Proxy sign-in</html>' };

test('renews the token by itself in the second half of its life', async () => {
  await using world = await setUp();
  const { session, trpc } = await world.browser.signIn();
  world.clock.advance(42_500);
  await turn();
  expect(world.faults.count('auth.refresh')).toBe(0);
  world.clock.advance(1_000);
  expect(session.getSnapshot().status).toBe('refreshing');
  await becomes(session, 'authenticated');
  world.clock.advance(30_000);
  expect(await trpc.whoAmI.query()).toBe('ada');
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test('treats a token as ended a second early, since a JWT counts whole seconds', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  const gate = createGate();
  world.faults.next('auth.refresh', { wait: gate.opened });
  world.clock.advance(59_100);
  world.faults.endTokens();
  const call = trpc.whoAmI.query();
  gate.open();
  await call;
  expect(world.faults.count('whoAmI')).toBe(1);
});

test('renews a token that lives longer than a timer can wait', async () => {
  await using world = await setUp();
  await using server = await (await import('./authServer.js')).startAuthServer(world.clock.now, {
    life: 90 * 24 * 3600,
  });
  const { session } = world.browser.openTab({ url: server.url });
  await session.login({ identifier: 'ada', password: 'right' });
  world.clock.advance(30 * 24 * 3600_000);
  await turn();
  expect(world.faults.count('auth.refresh')).toBe(0);
});

test.each([
  ['a lost request', 'lose the request' as const],
  ['a lost response', 'lose the response' as const],
  ["a proxy's error page", HTML],
  ["a proxy's own 401", HTML401],
  ['too many requests', LIMITED],
  ["the server's own 503", unavailable],
  ['a 401 without a reason', unexplained],
])('keeps the session through %s, reports it, and recovers by itself', async (_name, step) => {
  await using world = await setUp();
  const { session, trpc, statuses } = await world.browser.signIn('ada', { timeout: 1e6 });
  world.faults.next('auth.refresh', step);
  world.clock.advance(43_500);
  await becomes(session, 'authenticated');
  expect(world.faults.count('auth.refresh')).toBe(1);
  world.faults.next('auth.refresh', step, step);
  world.clock.advance(21_000);
  await expect(trpc.whoAmI.query()).rejects.toThrow();
  expect(session.getSnapshot()).toMatchObject({ status: 'unreachable', user: { username: 'ada' } });
  for (let tries = 3; tries <= 4; tries++) {
    world.clock.advance(40_000);
    // The clock has started the next try, which this joins.
    await session.refresh().catch(() => {});
    expect(world.faults.count('auth.refresh')).toBe(tries);
  }
  await becomes(session, 'authenticated');
  expect(await trpc.whoAmI.query()).toBe('ada');
  expect(statuses).not.toContain('ended');
});

test('does not ask before Retry-After allows it, not even for another call', async () => {
  await using world = await setUp();
  const { session, trpc } = await world.browser.signIn();
  world.faults.next('auth.refresh', LIMITED);
  await expect(session.refresh()).rejects.toMatchObject({ retryAfter: 20 });
  world.clock.advance(19_000);
  await turn();
  expect(world.faults.count('auth.refresh')).toBe(1);
  world.faults.endTokens();
  await expect(trpc.whoAmI.query()).rejects.toThrow();
  expect(world.faults.count('auth.refresh')).toBe(1);
  world.clock.advance(3_000);
  await becomes(session, 'authenticated');
  expect(world.faults.count('auth.refresh')).toBe(2);
});

test('lets calls wait through an outage when asked to', async () => {
  await using world = await setUp();
  const { session, trpc } = await world.browser.signIn('ada', { waitWhenUnreachable: true });
  world.faults.endTokens();
  world.faults.next('auth.refresh', HTML);
  const waiting = trpc.whoAmI.query();
  await becomes(session, 'unreachable');
  world.clock.advance(30_000);
  expect(await waiting).toBe('ada');
});

test('counts a request without an answer as an outage after the timeout', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  world.faults.next('auth.refresh', { wait: new Promise(() => {}) });
  const refreshed = session.refresh();
  await until(() => expect(world.faults.count('auth.refresh')).toBe(1));
  world.clock.advance(20_000);
  await expect(refreshed).rejects.toThrow('No answer');
  expect(session.getSnapshot().status).toBe('authenticated');
});

test('goes on with a valid token when a proactive refresh fails', async () => {
  await using world = await setUp();
  const { session, trpc, statuses } = await world.browser.signIn();
  world.faults.next('auth.refresh', HTML);
  world.clock.advance(44_000);
  await becomes(session, 'authenticated');
  expect(await trpc.whoAmI.query()).toBe('ada');
  expect(statuses).not.toContain('unreachable');
});

test.each([
  ['with locks: one refresh', true, 1],
  ['without locks: nobody signed out', false, 20],
])('lets 20 tabs reach expiry together %s', async (_name, withLocks, most) => {
  await using world = await setUp({ withLocks });
  const first = await world.browser.signIn();
  const others = Array.from({ length: 19 }, () => world.browser.openTab());
  await first.session.refresh();
  for (const { session } of others) await becomes(session, 'authenticated');
  const before = world.faults.count('auth.refresh');
  world.clock.advance(43_500);
  for (const { session } of [first, ...others]) await becomes(session, 'authenticated');
  const names = await Promise.all([first, ...others].map(({ trpc }) => trpc.whoAmI.query()));
  expect(new Set(names)).toEqual(new Set(['ada']));
  const refreshes = world.faults.count('auth.refresh') - before;
  expect(refreshes).toBeGreaterThanOrEqual(1);
  expect(refreshes).toBeLessThanOrEqual(most);
});

test('a tab frozen during a refresh holds up no other, and adopts their token on return', async () => {
  await using world = await setUp({ withLocks: true });
  const frozen = await world.browser.signIn();
  const other = world.browser.openTab();
  await frozen.session.refresh();
  await becomes(other.session, 'authenticated');
  world.faults.endTokens();
  world.faults.next('auth.refresh', { wait: new Promise(() => {}) });
  const thawed = frozen.trpc.whoAmI.query();
  await until(() => expect(world.faults.count('auth.refresh')).toBe(2));
  const call = other.trpc.whoAmI.query();
  await becomes(other.session, 'refreshing');
  world.clock.advance(1_500);
  expect(await call).toBe('ada');
  expect(await thawed).toBe('ada');
  expect(world.faults.count('auth.refresh')).toBe(3);
});

test('stays signed in when the response of a refresh was lost and the page is loaded again', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  world.faults.next('auth.refresh', 'lose the response');
  await expect(session.refresh()).rejects.toThrow();
  session.close();
  world.clock.advance(3_600_000);
  const { session: next } = world.browser.openTab();
  expect(await next.restore()).toMatchObject({ status: 'authenticated', user: { username: 'ada' } });
});

test('keeps the episode id until there is another generation', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  world.faults.next('auth.refresh', 'lose the response');
  await session.refresh().catch(() => {});
  world.clock.advance(31_000);
  await session.refresh();
  world.clock.advance(31_000);
  await session.refresh();
  const episodes = world.faults.requests
    .filter(({ path }) => path === 'auth.refresh')
    .map(({ headers }) => headers['x-latchkey-episode']);
  expect(episodes[0]).toBe(episodes[1]);
  expect(episodes.at(-1)).not.toBe(episodes[0]);
});

test('stays signed out, in every tab, when a refresh was on its way', async () => {
  await using world = await setUp();
  const tab = await world.browser.signIn();
  const other = world.browser.openTab();
  await tab.session.refresh();
  await becomes(other.session, 'authenticated');
  const gate = createGate();
  world.faults.next('auth.refresh', { wait: gate.opened }, { wait: gate.opened });
  const outcomes = [tab, other].map(({ session }) =>
    session.refresh().then(
      () => 'done',
      () => 'rejected',
    ),
  );
  await until(() => expect(world.faults.count('auth.refresh')).toBe(3));
  const leaving = tab.session.logout();
  expect(tab.session.getSnapshot()).toEqual({ status: 'ended', user: null, reason: 'SIGNED_OUT' });
  gate.open();
  await leaving;
  expect(await Promise.all(outcomes)).toEqual(['rejected', 'rejected']);
  await becomes(other.session, 'ended');
  expect(tab.session.getSnapshot().status).toBe('ended');
  expect(tab.session.headers()).toEqual({ 'x-latchkey': '1' });
  expect(await world.browser.openTab().session.restore()).toMatchObject({ user: null });
});

test('signs out at once when offline, and tells the server as soon as it can', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  world.faults.next('auth.logout', 'lose the request', 'lose the request');
  await session.logout();
  expect(session.getSnapshot()).toMatchObject({ status: 'ended', reason: 'SIGNED_OUT' });
  expect(world.browser.jar.size).toBe(1);
  for (let tries = 2; tries <= 3; tries++) {
    world.clock.advance(30_000);
    await until(() => expect(world.faults.count('auth.logout')).toBe(tries));
    await until(() => expect(world.clock.pending()).toBe(tries === 2 ? 1 : 0));
  }
  expect(world.browser.jar.size).toBe(0);
  expect(session.getSnapshot()).toMatchObject({ status: 'ended', reason: 'SIGNED_OUT' });
});

test('forgets an unconfirmed sign-out once a person signs in', async () => {
  await using world = await setUp();
  const { session, trpc } = await world.browser.signIn();
  world.faults.next('auth.logout', 'lose the request');
  await session.logout();
  await session.login({ identifier: 'bob', password: 'right' });
  world.clock.advance(30_000);
  expect(await trpc.whoAmI.query()).toBe('bob');
  expect(world.faults.count('auth.logout')).toBe(1);
});

/** A network that cannot give a request up, and holds the answers of refreshes back until the gate opens. */
function holdAnswers(send: typeof fetch) {
  const gate = createGate();
  const answered = createGate();
  const fetchLate: typeof fetch = async (input, init) => {
    const response = await send(input, { ...init, signal: null });
    if (!String(input).endsWith('auth.refresh')) return response;
    answered.open();
    await gate.opened;
    return response;
  };
  return { fetch: fetchLate, answered: answered.opened, open: gate.open };
}

test('does not sign out a person who signs in at the same moment', async () => {
  await using world = await setUp();
  const { session, trpc } = await world.browser.signIn();
  const gate = createGate();
  world.faults.next('auth.login', { wait: gate.opened });
  const signingIn = session.login({ identifier: 'bob', password: 'right' });
  const leaving = session.logout();
  expect(session.getSnapshot().status).toBe('ended');
  gate.open();
  await Promise.all([signingIn, leaving]);
  expect(await trpc.whoAmI.query()).toBe('bob');
  expect(world.browser.jar.size).toBe(1);
  expect(world.faults.count('auth.logout')).toBe(0);
});

test('shows a page that was loading while another tab signed out that nobody is signed in', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  const network = holdAnswers(world.browser.send);
  const loading = world.browser.openTab({ fetch: network.fetch });
  const restored = loading.session.restore();
  await network.answered;
  const isInformed = new Promise((resolve) => {
    const line = new BroadcastChannel(world.browser.channel);
    line.onmessage = () => resolve(line.close());
  });
  await session.logout();
  await isInformed;
  network.open();
  expect(await restored).toEqual({ status: 'ended', user: null, reason: 'SIGNED_OUT' });
  expect(loading.session.headers()).toEqual({ 'x-latchkey': '1' });
  expect(loading.statuses).not.toContain('authenticated');
});

test('does not bring a session back when another tab reports it after the sign-out', async () => {
  await using world = await setUp();
  const line = new BroadcastChannel('late message');
  const heard: unknown[] = [];
  line.onmessage = ({ data }) => heard.push(data);
  const { session, trpc } = await world.browser.signIn('ada', { channel: 'late message' });
  await until(() => expect(heard).toHaveLength(1));
  await session.logout();
  const shown: unknown[] = [];
  session.subscribe(() => shown.push(session.getSnapshot().user?.username));
  const bob = await world.browser.signIn('bob', { channel: 'elsewhere' });
  line.postMessage(heard[0]);
  line.postMessage({
    credentials: {
      user: bob.session.getSnapshot().user,
      session: { id: 's1', generation: 0 },
      expiresIn: 60,
      accessToken: bob.session.headers().authorization?.slice('Bearer '.length),
    },
  });
  await becomes(session, 'authenticated');
  expect(await trpc.whoAmI.query()).toBe('bob');
  expect(new Set(shown)).toEqual(new Set(['bob']));
  line.close();
});

test('does not go back to the previous person, whose refresh is answered late', async () => {
  await using world = await setUp();
  const network = holdAnswers(world.browser.send);
  const { session, trpc } = await world.browser.signIn('ada', { fetch: network.fetch });
  const refreshed = session.refresh();
  await network.answered;
  const other = await world.browser.signIn('bob');
  await until(() => expect(session.getSnapshot().user?.username).toBe('bob'));
  network.open();
  await refreshed;
  for (const tab of [{ session, trpc }, other]) {
    expect(tab.session.getSnapshot().user?.username).toBe('bob');
    expect(await tab.trpc.whoAmI.query()).toBe('bob');
  }
});

test('ignores an older token that another tab reports late', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn('ada', { channel: 'late-news' });
  const line = new BroadcastChannel('late-news');
  const messages: unknown[] = [];
  line.onmessage = (event) => messages.push(event.data);
  await session.refresh();
  await until(() => expect(messages).toHaveLength(1));
  const user = session.getSnapshot().user;
  line.postMessage({
    credentials: { user, session: { id: 's0', generation: 0 }, accessToken: 'old', expiresIn: 900 },
  });
  line.postMessage({ ended: 'another session', reason: 'SIGNED_OUT' });
  await session.refresh();
  await until(() => expect(messages).toHaveLength(2));
  expect(session.headers().authorization).toMatch(/^Bearer token-/);
  line.close();
});

test('refreshes once after a long sleep, and shows no error', async () => {
  await using world = await setUp();
  const { session, trpc, statuses } = await world.browser.signIn();
  world.clock.advance(8 * 3600_000);
  const names = await Promise.all([trpc.whoAmI.query(), trpc.whoAmI.query()]);
  expect(names).toEqual(['ada', 'ada']);
  expect(world.faults.count('auth.refresh')).toBe(1);
  expect(statuses).toEqual(['authenticated', 'refreshing', 'authenticated']);
  expect(session.getSnapshot().status).toBe('authenticated');
});

test('restores once for any number of callers', async () => {
  await using world = await setUp();
  (await world.browser.signIn()).session.close();
  const { session, trpc } = world.browser.openTab();
  await Promise.all([session.restore(), session.restore(), trpc.whoAmI.query()]);
  await session.restore();
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test('reports another person before any snapshot shows them, in the other tabs too', async () => {
  await using world = await setUp();
  const tab = await world.browser.signIn('ada');
  const other = world.browser.openTab();
  await tab.session.refresh();
  await becomes(other.session, 'authenticated');
  const seen: string[] = [];
  other.session.onIdentityChange(({ user, previous }) =>
    seen.push(`${previous?.username} → ${user?.username}`),
  );
  other.session.subscribe(() => seen.push(String(other.session.getSnapshot().user?.username)));
  await tab.session.login({ identifier: 'bob', password: 'right' });
  await until(() => expect(seen).toEqual(['ada → bob', 'bob']));
  expect(await other.trpc.whoAmI.query()).toBe('bob');
});

test('works within its tab, with a warning, where there is no BroadcastChannel', async () => {
  await using world = await setUp();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('BroadcastChannel', undefined);
  const { trpc } = await world.browser.signIn();
  vi.unstubAllGlobals();
  expect(warn).toHaveBeenCalledOnce();
  world.faults.endTokens();
  expect(await trpc.whoAmI.query()).toBe('ada');
});

test('warns when the browser keeps no cookies', async () => {
  await using world = await setUp();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { session, trpc } = await world.browser.signIn('ada', { fetch });
  expect(await trpc.whoAmI.query()).toBe('ada');
  await expect(session.refresh()).rejects.toMatchObject({ data: { reason: 'REFRESH_MISSING' } });
  expect(session.getSnapshot()).toMatchObject({ status: 'ended', reason: 'REFRESH_MISSING' });
  expect(warn).toHaveBeenCalledOnce();
});

test('shows an outage on the first load, and recovers by itself', async () => {
  await using world = await setUp();
  (await world.browser.signIn()).session.close();
  const { session, statuses } = world.browser.openTab();
  world.faults.next('auth.refresh', 'lose the request');
  expect(await session.restore()).toMatchObject({ status: 'unreachable', user: null });
  world.clock.advance(30_000);
  await becomes(session, 'authenticated');
  expect(statuses).toEqual(['unreachable', 'authenticated']);
});

test('ends with the reason when the session was over before the page was loaded', async () => {
  await using world = await setUp();
  (await world.browser.signIn()).session.close();
  world.server.endSession('s0', 'SESSION_REVOKED');
  const { session, trpc } = world.browser.openTab();
  expect(await session.restore()).toEqual({ status: 'ended', user: null, reason: 'SESSION_REVOKED' });
  expect(await trpc.ping.query()).toBe('pong');
});

test('asks again soon, with the newer cookie, when its request came too late', async () => {
  await using world = await setUp();
  const { session, statuses } = await world.browser.signIn();
  world.faults.next('auth.refresh', late);
  const refreshed = session.refresh();
  await until(() => expect(world.clock.pending()).toBe(2));
  world.clock.advance(500);
  await refreshed;
  expect(statuses).toEqual(['authenticated', 'refreshing', 'authenticated']);
});

test('stays signed in when its requests came too late again and again', async () => {
  await using world = await setUp();
  const { session, statuses } = await world.browser.signIn();
  world.faults.next('auth.refresh', late, late, late, late);
  const refreshed = session.refresh().catch((error) => error.data.reason);
  await until(() => {
    world.clock.advance(250);
    expect(world.faults.count('auth.refresh')).toBe(4);
  });
  expect(await refreshed).toBe('REFRESH_STALE');
  expect(session.getSnapshot().status).toBe('authenticated');
  world.clock.advance(60_000);
  await becomes(session, 'authenticated');
  expect(world.faults.count('auth.refresh')).toBe(5);
  expect(statuses).not.toContain('ended');
});

test('gives the same snapshot until something changes', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  const snapshot = session.getSnapshot();
  expect(session.getSnapshot()).toBe(snapshot);
  await session.refresh();
  expect(session.getSnapshot()).toEqual(snapshot);
});

test('uses the transformer of the host', async () => {
  await using world = await setUp();
  const wrap = (value: unknown) => ({ json: value });
  const fetchWrapped: typeof fetch = async (input, init) => {
    const body = init?.body ? JSON.stringify(JSON.parse(String(init.body)).json) : null;
    const response = await world.browser.send(input, { ...init, body });
    const answer = await response.json();
    if (answer.result) answer.result.data = wrap(answer.result.data);
    else answer.error = wrap(answer.error);
    return new Response(JSON.stringify(answer), response);
  };
  const { session } = world.browser.openTab({
    fetch: fetchWrapped,
    transformer: { serialize: wrap, deserialize: ({ json }: { json: unknown }) => json },
  });
  const user = await session.login({ identifier: 'ada', password: 'right' });
  expect(user.username).toBe('ada');
  await expect(session.login({ identifier: 'ada', password: 'wrong' })).rejects.toMatchObject({
    data: { reason: 'INVALID_CREDENTIALS' },
  });
});

test('reports a listener that throws, and goes on', async () => {
  await using world = await setUp();
  const reported = new Promise((resolve) => process.once('uncaughtException', resolve));
  const { session, trpc } = world.browser.openTab();
  const stop = session.subscribe(() => {
    stop();
    throw new Error('my own fault');
  });
  await session.login({ identifier: 'ada', password: 'right' });
  expect(await reported).toMatchObject({ message: 'my own fault' });
  expect(await trpc.whoAmI.query()).toBe('ada');
});
