import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './launchChromium.js';
import { openProfile, type Profile } from './openProfile.js';
import type { RunningApp } from './startApp.js';
import { watchRefusals } from './watchRefusals.js';

const PASSWORD = 'four unlikely words here';

let people = 0;

/** Opens the app and creates an account. */
export async function signUp({ open }: Profile): Promise<Page> {
  const page = await open();
  const username = `visitor-${++people}`;
  await page.getByRole('button', { name: 'I am new here' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('E-mail').fill(`${username}@example.org`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return page;
}

/** Adds to the list of the page and waits until the server has it. */
export async function addItem(page: Page, text: string): Promise<void> {
  await page.getByLabel('What?').fill(text);
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('listitem').filter({ hasText: text }).waitFor();
}

/** Watches whether a page shows the sign-in form from now on, through reloads too. */
async function watchForSignIn(page: Page): Promise<() => Promise<boolean>> {
  let wasShown = false;
  await page.exposeFunction('noteSignIn', () => {
    wasShown = true;
  });
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('input[type=password]')) Reflect.get(window, 'noteSignIn')();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    document.addEventListener('DOMContentLoaded', look);
  });
  return async () => {
    await page.waitForTimeout(0);
    return wasShown;
  };
}

/** Tests an example app in Chromium: a list that only its owner sees, and access tokens that live `accessTokenMs`. */
export function testSession(start: () => Promise<RunningApp>, { accessTokenMs }: { accessTokenMs: number }) {
  let running: Running;
  beforeAll(async () => {
    const [app, browser] = await Promise.all([start(), launchChromium()]);
    running = { app, browser };
  });
  afterAll(async () => {
    await running?.browser.close();
    await running?.app[Symbol.asyncDispose]();
  });
  testSigningIn(() => running, accessTokenMs);
  testSigningOut(() => running);
  testOutage(() => running, accessTokenMs);
}

interface Running {
  readonly app: RunningApp;
  readonly browser: Browser;
}

function testSigningIn(running: () => Running, accessTokenMs: number) {
  test('keeps the session through reloads and never shows the sign-in form', async () => {
    await using profile = await openProfile(running().browser, { url: running().app.url });
    const refusals = watchRefusals(profile);
    const page = await signUp(profile);
    await addItem(page, 'kept');
    const wasSignInShown = await watchForSignIn(page);
    for (const pause of [0, accessTokenMs + 500]) {
      await page.waitForTimeout(pause);
      await page.reload();
      await page.getByRole('listitem').filter({ hasText: 'kept' }).waitFor();
    }
    expect(await wasSignInShown()).toBe(false);
    await using stranger = await openProfile(running().browser, { url: running().app.url });
    const other = await stranger.open();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await other.getByText('kept').count()).toBe(0);
    expect([...(await refusals()).problems, ...stranger.problems]).toEqual([]);
  });

  test('renews access tokens without a visible error or a refused call', async () => {
    await using profile = await openProfile(running().browser, { url: running().app.url });
    const page = await signUp(profile);
    const refusals = watchRefusals(profile);
    let refreshes = 0;
    profile.context.on('request', (request) => {
      if (request.url().endsWith('/auth.refresh')) refreshes++;
    });
    for (let round = 1; round <= 6; round++) {
      await addItem(page, `thing ${round}`);
      await page.waitForTimeout(accessTokenMs / 2);
      expect((await page.getByRole('alert').allTextContents()).join('')).toBe('');
    }
    expect(refreshes).toBeGreaterThanOrEqual(2);
    expect(await refusals()).toEqual({ refused: [], problems: [] });
  });
}

function testSigningOut(running: () => Running) {
  test('signs out in the other tab too, and stays signed out', async () => {
    await using profile = await openProfile(running().browser, { url: running().app.url });
    const first = await signUp(profile);
    await addItem(first, 'mine');
    const second = await profile.open();
    await second.getByRole('listitem').filter({ hasText: 'mine' }).waitFor();
    // A call that is under way when the session ends would rightly be refused.
    for (const page of [first, second]) await page.waitForLoadState('networkidle');
    await second.getByRole('button', { name: 'Sign out' }).click();
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.getByText('mine').count()).toBe(0);
    }
    await first.reload();
    await first.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await first.getByText('mine').count()).toBe(0);
    expect(profile.problems).toEqual([]);
  });
}

function testOutage(running: () => Running, accessTokenMs: number) {
  test('keeps the session in the open page and through a reload after the server was killed and restarted', async () => {
    await using profile = await openProfile(running().browser, { url: running().app.url });
    const refusals = watchRefusals(profile);
    const page = await signUp(profile);
    await addItem(page, 'before');
    const wasSignInShown = await watchForSignIn(page);
    await running().app.kill();
    await page.waitForTimeout(accessTokenMs);
    await page.getByLabel('What?').fill('during the outage');
    await page.getByRole('button', { name: 'Add' }).click();
    await running().app.restart();
    // After a long outage a client tries every 30 s.
    await page.getByRole('listitem').filter({ hasText: 'during the outage' }).waitFor();
    await page.reload();
    for (const text of ['before', 'during the outage'])
      await page.getByRole('listitem').filter({ hasText: text }).waitFor();
    expect(await wasSignInShown()).toBe(false);
    const { problems } = await refusals();
    expect(problems.filter((problem) => !problem.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });
}
