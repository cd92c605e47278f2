import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setUp, turn, until } from './setup.js';

/** What a session sees of the page it lives in. */
const PAGE = { hidden: false };
let events = new EventTarget();

function happens(event: string) {
  return events.dispatchEvent(new Event(event));
}

beforeEach(() => {
  events = new EventTarget();
  PAGE.hidden = false;
  vi.stubGlobal('document', PAGE);
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('restores itself when a page loads', async () => {
  await using world = await setUp();
  (await world.browser.signIn()).session.close();
  const { session } = world.browser.openTab();
  await until(() => expect(session.getSnapshot().status).toBe('authenticated'));
});

test('renews nothing while nobody sees the page, and once when it is seen again', async () => {
  await using world = await setUp();
  const { session, statuses } = await world.browser.signIn();
  const before = world.faults.count('auth.refresh');
  PAGE.hidden = true;
  world.clock.advance(8 * 3600_000);
  await turn();
  expect(world.faults.count('auth.refresh')).toBe(before);
  PAGE.hidden = false;
  happens('visibilitychange');
  happens('pageshow');
  await until(() => expect(session.getSnapshot().status).toBe('authenticated'));
  expect(world.faults.count('auth.refresh')).toBe(before + 1);
  expect(statuses).not.toContain('unreachable');
});

test('tries again at once when the network is back', async () => {
  await using world = await setUp();
  (await world.browser.signIn()).session.close();
  world.faults.next('auth.refresh', 'lose the request', 'lose the request');
  const { session } = world.browser.openTab();
  await until(() => expect(session.getSnapshot().status).toBe('unreachable'));
  happens('online');
  await until(() => expect(world.faults.count('auth.refresh')).toBeGreaterThanOrEqual(3));
  await until(() => expect(world.clock.pending()).toBe(1));
  happens('online');
  await until(() => expect(session.getSnapshot().status).toBe('authenticated'));
});

test('listens no more once closed', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  const before = world.faults.requests.length;
  session.close();
  world.clock.advance(3600_000);
  happens('online');
  await turn();
  expect(world.faults.requests.length).toBe(before);
  expect(world.clock.pending()).toBe(0);
});
