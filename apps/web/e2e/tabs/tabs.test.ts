import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { makeFreezable } from './freezable.js';
import { signUp, snapshotOf } from './openTabs.js';
import { setUpTabs } from './setUpTabs.js';

/** A little longer than an access token lives: the server's default in tests is 3 s. */
const PAST_TOKEN_LIFE_MS = 3_100;

const { demo, openProfile } = setUpTabs();

function whoAmI(page: Page) {
  return page.evaluate(() => window.kit.whoAmI());
}

function statuses(page: Page) {
  return page.evaluate(() => window.kit.statuses);
}

test('20 tabs meet every expiry together, with little more than one refresh each, and stay signed in', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  const pages = [page];
  while (pages.length < 20) pages.push(await profile.open());
  const before = profile.counts.refreshes;
  const outcomes = await profile.callThrough(pages, 6);
  const refreshes = profile.counts.refreshes - before;
  for (const { failures } of outcomes) expect(failures).toEqual([]);
  // Without the lock and the channel, each tab would use only the tokens that it asked for: 6 refreshes for 20 tabs.
  const fewestTokens = Math.min(...outcomes.map(({ tokens }) => tokens));
  console.log(`20 tabs: ${refreshes} refreshes; each tab used ${fewestTokens} tokens or more`);
  expect(refreshes).toBeLessThanOrEqual(fewestTokens * 3);
  for (const tab of pages) expect(await snapshotOf(tab)).toMatchObject({ username });
}, 90_000);

test('a tab frozen during a refresh holds up no other tab, and goes on when it thaws', async () => {
  await using profile = await openProfile();
  const { page: frozen, username } = await profile.register();
  const other = await profile.open();
  using tab = await makeFreezable(frozen);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await frozen.route('**/auth.refresh', async (route) => {
    await released;
    await route.continue();
  });
  const asked = frozen.waitForRequest('**/auth.refresh');
  await frozen.evaluate(() => void window.kit.session.refresh().catch(() => {}));
  await asked;
  tab.freeze();
  const [outcome] = await profile.callThrough([other], 2);
  expect(outcome?.failures).toEqual([]);
  expect(outcome?.answered).toBeGreaterThan(0);
  tab.thaw();
  release();
  expect(await whoAmI(frozen)).toBe(username);
  expect(await statuses(frozen)).not.toContain('ended');
}, 60_000);

test('a page goes on with the current token when the person navigates back to it', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  await page.goto(`${demo.api.url}/healthz`);
  await sleep(PAST_TOKEN_LIFE_MS);
  await page.goBack();
  expect(await whoAmI(page)).toBe(username);
  expect(await statuses(page)).not.toContain('ended');
}, 60_000);

test('wakes from sleep by one refresh, without an error, with a wall clock a day ahead or behind', async () => {
  const wakeUp = async (hours: number) => {
    await using profile = await openProfile();
    await profile.context.addInitScript((shift) => {
      const { now } = Date;
      Date.now = () => now() + shift;
    }, hours * 3_600_000);
    const { page, username } = await profile.register();
    using tab = await makeFreezable(page);
    // Its token is new, so that no renewal is due before the sleep.
    await page.evaluate(() => window.kit.session.refresh());
    tab.freeze();
    const before = profile.counts.refreshes;
    await sleep(PAST_TOKEN_LIFE_MS);
    tab.thaw();
    const names = await page.evaluate(() =>
      Promise.all([window.kit.whoAmI(), window.kit.whoAmI(), window.kit.whoAmI()]),
    );
    expect(new Set(names)).toEqual(new Set([username]));
    expect(profile.counts.refreshes - before).toBe(1);
    expect((await statuses(page)).slice(-2)).toEqual(['refreshing', 'authenticated']);
    expect(await statuses(page)).not.toContain('ended');
  };
  for (const hours of [24, -24]) await wakeUp(hours);
}, 60_000);

test('a sign-in in one tab signs the other tabs in as the same person', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register();
  const other = await profile.open();
  expect(await whoAmI(other)).toBe(username);
  await signUp(page, `${username}-too`);
  await vi.waitFor(async () => expect(await whoAmI(other)).toBe(`${username}-too`));
}, 60_000);

test('works without BroadcastChannel and locks, and warns', async () => {
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
  const outcomes = await profile.callThrough([page, other], 3);
  for (const { failures } of outcomes) expect(failures).toEqual([]);
  expect(await whoAmI(other)).toBe(username);
  expect(warnings).toContain('Latchkey: no BroadcastChannel');
}, 60_000);

test('works until the token ends where the browser keeps no cookies, and warns', async () => {
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
    timeout: 30_000,
  });
  expect(warnings).toContain('Latchkey: no cookies');
}, 60_000);
