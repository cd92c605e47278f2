import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { setUpDemo } from '../setUpDemo.js';
import { openFreezable } from './freezable.js';
import { buildPage, createTabs, signUp, snapshotOf } from './openTabs.js';

const demo = setUpDemo();
let html: string;

beforeAll(async () => {
  html = await buildPage();
});

const openProfile = async () => {
  const context = await demo.browser.newContext();
  const tabs = await createTabs(context, { url: demo.api.url, html });
  return { ...tabs, context, [Symbol.asyncDispose]: () => context.close() };
};

const whoAmI = (page: Page) => page.evaluate(() => window.kit.whoAmI());
const statuses = (page: Page) => page.evaluate(() => window.kit.statuses);

test('E8: 20 tabs meet every expiry together, with little more than one refresh each, and nobody is signed out', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  const pages = [page];
  while (pages.length < 20) pages.push(await profile.open());
  const before = profile.counts.refreshes;
  const MILLISECONDS = 9_000;
  const outcomes = await Promise.all(
    // On a busy machine, for as long as it takes to call six times.
    pages.map((tab) => tab.evaluate((time) => window.kit.keepCalling(time, 6), MILLISECONDS)),
  );
  const refreshes = profile.counts.refreshes - before;
  console.log(`20 tabs, ${MILLISECONDS / 1000} s, tokens of 3 s: ${refreshes} refreshes`);
  for (const { answered, failures } of outcomes) {
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(5);
  }
  // A token is renewed after 1 s at the earliest; alone, every tab would do so by itself: at least 60 in all.
  expect(refreshes).toBeGreaterThanOrEqual(3);
  expect(refreshes).toBeLessThanOrEqual(20);
  for (const tab of pages) expect(await snapshotOf(tab)).toMatchObject({ username });
}, 90_000);

test('E9: a tab frozen in mid-refresh holds up no other, and goes on when it thaws', async () => {
  await using profile = await openProfile();
  using tab = await openFreezable(demo.browser, () => profile.register());
  const { page: frozen, username } = tab.opened;
  const other = await profile.open();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await frozen.route('**/auth.refresh', async (route) => {
    await held;
    await route.continue();
  });
  const asked = frozen.waitForRequest('**/auth.refresh');
  await frozen.evaluate(() => void window.kit.session.refresh().catch(() => {}));
  await asked;
  tab.freeze();
  const outcome = await other.evaluate(() => window.kit.keepCalling(6_000));
  expect(outcome.failures).toEqual([]);
  expect(outcome.answered).toBeGreaterThan(20);
  tab.thaw();
  release();
  expect(await whoAmI(frozen)).toBe(username);
  expect(await statuses(frozen)).not.toContain('ended');
}, 60_000);

test('E9: a page that was left goes on with the current token when one comes back to it', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  await page.goto(`${demo.api.url}/healthz`);
  await sleep(4_000);
  await page.goBack();
  expect(await whoAmI(page)).toBe(username);
  expect(await statuses(page)).not.toContain('ended');
}, 60_000);

test.each([
  ['a day ahead', 24],
  ['a day behind', -24],
])(
  'E16: wakes from sleep by one refresh, without an error, with a wall clock %s',
  async (_name, hours) => {
    await using profile = await openProfile();
    await profile.context.addInitScript((shift) => {
      const { now } = Date;
      Date.now = () => now() + shift;
    }, hours * 3_600_000);
    using tab = await openFreezable(demo.browser, () => profile.register());
    const { page, username } = tab.opened;
    const before = profile.counts.refreshes;
    tab.freeze();
    await sleep(5_000);
    tab.thaw();
    const names = await page.evaluate(() =>
      Promise.all([window.kit.whoAmI(), window.kit.whoAmI(), window.kit.whoAmI()]),
    );
    expect(new Set(names)).toEqual(new Set([username]));
    expect(profile.counts.refreshes - before).toBe(1);
    expect(await statuses(page)).toEqual(['anonymous', 'authenticated', 'refreshing', 'authenticated']);
  },
  60_000,
);

test('E20: a person who signs in in one tab takes the others along', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  const other = await profile.open();
  expect(await whoAmI(other)).toBe(username);
  await signUp(page, `${username}-too`);
  await vi.waitFor(async () => expect(await whoAmI(other)).toBe(`${username}-too`));
}, 60_000);

test('E21: works without BroadcastChannel and locks, and says so', async () => {
  await using profile = await openProfile();
  await profile.context.addInitScript(() => {
    for (const name of ['BroadcastChannel', 'locks'])
      Object.defineProperty(name === 'locks' ? navigator : window, name, { value: undefined });
  });
  const warnings: string[] = [];
  profile.context.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  const { page, username } = await profile.register();
  const other = await profile.open();
  const outcomes = await Promise.all(
    [page, other].map((tab) => tab.evaluate(() => window.kit.keepCalling(5_000))),
  );
  for (const { failures } of outcomes) expect(failures).toEqual([]);
  expect(await whoAmI(other)).toBe(username);
  expect(warnings).toContain('Latchkey: no BroadcastChannel');
}, 60_000);

test('E21: works until the token ends where the browser keeps no cookies, and says so', async () => {
  await using profile = await openProfile();
  await profile.context.route('**/trpc/**', async (route) => {
    const response = await route.fetch({ headers: { ...route.request().headers(), cookie: '' } });
    const { 'set-cookie': _kept, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  const warnings: string[] = [];
  profile.context.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  const { page, username } = await profile.register();
  expect(await whoAmI(page)).toBe(username);
  await vi.waitFor(async () => expect(await snapshotOf(page)).toEqual({ status: 'ended' }), {
    timeout: 5_000,
  });
  expect(warnings).toContain('Latchkey: no cookies');
}, 60_000);
