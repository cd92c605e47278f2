import { expect, test } from 'vitest';
import { signUp, snapshotOf } from './openTabs.js';
import { setUpTabs } from './setUpTabs.js';

const { openProfile } = setUpTabs({ ACCESS_TOKEN_TRANSPORT: 'cookie' });

test('tabs that share an access cookie go on calling through many expiries', async () => {
  await using profile = await openProfile();
  const { page } = await profile.register();
  const pages = [page];
  while (pages.length < 5) pages.push(await profile.open());
  for (const { failures } of await profile.callThrough(pages, 5)) expect(failures).toEqual([]);
}, 60_000);

test('a tab whose token is older than the cookie catches up by one refresh', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register('?alone');
  const other = await profile.open('?alone');
  for (const tab of [page, other, page]) {
    const before = profile.counts.refreshes;
    expect(await tab.evaluate(() => window.kit.whoAmI())).toBe(username);
    expect(profile.counts.refreshes - before).toBeLessThanOrEqual(1);
  }
  expect(profile.counts.refreshes).toBeGreaterThanOrEqual(2);
}, 60_000);

test('a tab whose token is older than the cookie signs out for good', async () => {
  await using profile = await openProfile();
  const { page } = await profile.register('?alone');
  await profile.open('?alone');
  await page.evaluate(() => window.kit.session.logout());
  expect(await profile.context.cookies()).toEqual([]);
  expect(await snapshotOf(await profile.open())).toEqual({ status: 'anonymous' });
}, 60_000);

test('a call of one person is not answered by the cookie of another', async () => {
  await using profile = await openProfile();
  const { page, username } = await profile.register('?alone');
  const other = await profile.open('?alone');
  await signUp(other, `${username}-too`);
  await expect(page.evaluate(() => window.kit.whoAmI())).rejects.toThrow('Signed out');
  expect(await page.evaluate(() => window.kit.whoAmI())).toBe(`${username}-too`);
}, 60_000);
