import { expect, test } from 'vitest';
import { createSession } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { boundTimers, type Timers } from '../src/timers.js';
import { startAuthServer } from './authServer.js';
import { createBrowser } from './browser.js';
import { until } from './setup.js';

const MAX_DELAY_MS = 2 ** 31 - 1;

/** Timers that note the delays they are asked for. */
function noteDelays(timers: Timers) {
  const delays: number[] = [];
  const noting: Timers = {
    setTimeout: (callback, milliseconds) => {
      delays.push(milliseconds);
      return timers.setTimeout(callback, milliseconds);
    },
    clearTimeout: timers.clearTimeout,
  };
  return { delays, timers: noting };
}

function isSound(delay: number) {
  return delay >= 0 && delay <= MAX_DELAY_MS;
}

async function setUp() {
  const clock = createTestClock();
  const server = await startAuthServer(clock.now);
  const noted = noteDelays(clock.timers);
  const browser = createBrowser(
    { url: server.url, connect: () => undefined },
    { now: clock.now, timers: noted.timers },
  );
  return {
    clock,
    delays: noted.delays,
    browser,
    [Symbol.asyncDispose]: async () => {
      browser[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

test.each([
  ['after a sleep that was longer than the token lives', {}],
  ['when Retry-After is negative', { 'retry-after': '-5' }],
  ['when Retry-After is a date', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
  ['when Retry-After is longer than a timer can be', { 'retry-after': '1e12' }],
])('asks for no negative, endless or undefined delay %s', async (_name, headers) => {
  await using world = await setUp();
  let isDown = false;
  const { session } = await world.browser.signIn('ada', {
    fetch: async (input, init) =>
      isDown ? new Response('down', { status: 503, headers }) : world.browser.send(input, init),
  });
  // The timers stand still while the clock goes on, as in a laptop that sleeps.
  const late = world.browser.openTab({ clock: () => world.clock.now() + 8 * 3600_000 });
  await late.session.restore();
  isDown = true;
  await session.refresh().catch(() => {});
  world.clock.advance(120_000);
  isDown = false;
  await until(async () => {
    await session.refresh().catch(() => {});
    expect(session.getSnapshot().status).toBe('authenticated');
  });
  expect(world.delays.filter((delay) => !isSound(delay))).toEqual([]);
  expect(world.delays.length).toBeGreaterThan(5);
});

test.each([
  ['a page that slept', 60, 3600_000],
  ['credentials that have ended already', -10, 0],
  ['credentials without a lifetime', Number.NaN, 0],
])('asks for no negative or undefined delay with %s', async (_name, expiresIn, sleepMs) => {
  const noted = noteDelays({ setTimeout: () => 0, clearTimeout: () => {} });
  let now = 0;
  const session = createSession({
    url: 'http://localhost:1',
    clock: () => now,
    timers: noted.timers,
    channel: false,
    locks: false,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  });
  const user = {
    id: '1',
    username: 'ada',
    email: 'ada@example.org',
    emailVerified: true,
    roles: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  session.adopt({
    user,
    session: { id: 's', generation: 0, expiresAt: '2030-01-01T00:00:00.000Z' },
    accessToken: 'token',
    expiresIn,
  });
  now += sleepMs;
  await session.refresh().catch(() => {});
  session.close();
  expect(noted.delays.filter((delay) => !isSound(delay))).toEqual([]);
});

test('bounds a delay to what timers can wait', () => {
  const noted = noteDelays({ setTimeout: () => 0, clearTimeout: () => {} });
  const timers = boundTimers(noted.timers);
  for (const delay of [-1, Number.NaN, -Infinity, 0, 20, 1e12, Infinity]) timers.setTimeout(() => {}, delay);
  expect(noted.delays).toEqual([0, 0, 0, 0, 20, 1e9, 1e9]);
});

test('draws no warning from the platform when a moment has passed', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on('warning', note);
  let ahead = 0;
  const session = createSession({
    url: 'http://localhost:1',
    clock: () => performance.now() + ahead,
    channel: false,
    locks: false,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  });
  const id = '1';
  const user = { id, username: 'a', email: 'a@b.c', emailVerified: true, roles: [], createdAt: '' };
  session.adopt({
    user,
    session: { id, generation: 0, expiresAt: '' },
    accessToken: 'token',
    expiresIn: 900,
  });
  ahead = 3600_000;
  await session.refresh().catch(() => {});
  session.close();
  await new Promise(setImmediate);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
