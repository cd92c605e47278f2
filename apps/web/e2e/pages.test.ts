import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { violationsOf } from './violations.js';
import { addNote, PASSWORD, signIn } from './visitor.js';

const WIDE = { width: 1600, height: 900 };
const NARROW = { width: 360, height: 720 };

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

/** Faults of a page in any theme and width: what axe finds, and content wider than the window. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${colorScheme} ${viewport.width}: ${overflow} px too wide`);
    }
    faults.push(...(await violationsOf(page)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return faults;
}

test.each([
  { path: '/', heading: 'Sign-in that never gets in the way.' },
  { path: '/sign-in', heading: 'Welcome back' },
  { path: '/register', heading: 'Create your account' },
  { path: '/forgot-password', heading: 'Forgot your password?' },
  { path: '/reset-password?token=x', heading: 'Choose a new password' },
  { path: '/verify-email?token=x', heading: 'Verify your e-mail' },
  { path: '/nowhere', heading: 'Page not found' },
])(
  'is accessible at $path, in any theme and width',
  async ({ path, heading }) => {
    await using visitor = await demo.visitor();
    const page = await visitor.open(path);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(visitor.problems).toEqual([]);
  },
  30_000,
);

test('is accessible on the pages of a person, in any theme and width', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByText('No notes yet').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await addNote(page, 'a-word-that-is-very-long-'.repeat(20));
  await page.getByRole('button', { name: /^Edit/ }).click();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  for (const [link, heading] of PAGES) {
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await page.getByText(/^Fetching/).waitFor({ state: 'hidden' });
    await expect.poll(() => page.title()).toBe(`${heading} · Latchkey`);
    expect(await faultsOf(page)).toEqual([]);
  }
  expect(visitor.problems).toEqual([]);
}, 60_000);

const PAGES = [
  ['Devices', 'Devices'],
  ['Security', 'Security'],
  ['Activity', 'Activity'],
  ['Session inspector', 'Session inspector'],
  ['Notes', 'Notes'],
] as const;

test('signs a visitor in with one click, and links to the notes from the start page', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/');
  await page.getByRole('button', { name: 'Try it with one click' }).click();
  await page.getByRole('heading', { name: 'Notes', level: 1 }).waitFor();
  await addNote(page, 'not a form in sight');
  await page.getByRole('link', { name: 'Latchkey' }).click();
  await page.getByRole('link', { name: 'Go to your notes' }).click();
  await page.getByText('not a form in sight').waitFor();
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('goes back to the page that required the sign-in, never to another site', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  for (const [next, path] of [
    ['/devices', '/devices'],
    ['//evil.example', '/notes'],
  ] as const) {
    await page.goto(next === '/devices' ? next : `/sign-in?${new URLSearchParams({ next })}`);
    await page.getByLabel('Username or e-mail').fill(visitor.username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${demo.api.url}${path}`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  }
}, 30_000);

test('P10: tells password managers what each field is for', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/register');
  const password = page.getByLabel('Password', { exact: true });
  expect(await password.getAttribute('autocomplete')).toBe('new-password');
  expect(await password.getAttribute('type')).toBe('password');
  await page.getByRole('button', { name: 'Show characters' }).click();
  await expect.poll(() => password.getAttribute('type')).toBe('text');
  await page.getByRole('button', { name: 'Hide characters' }).click();
  expect(await page.getByLabel('Username').getAttribute('autocomplete')).toBe('username');
  await page.goto('/sign-in');
  expect(await page.getByLabel('Password', { exact: true }).getAttribute('autocomplete')).toBe(
    'current-password',
  );
}, 30_000);

test('shows how hard a new password is to guess, by the rules of the server', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/register');
  const meter = page.getByRole('meter', { name: 'Strength of the password' });
  for (const [password, message] of [
    ['short', 'At least 8 characters.'],
    ['password1', /common|used/],
    [PASSWORD, 'Hard to guess.'],
  ] as const) {
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByText(message).waitFor();
  }
  await expect.poll(() => meter.getAttribute('aria-valuenow')).toBe('4');
  expect(await violationsOf(page)).toEqual([]);
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('can be used by the keyboard alone', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/register');
  await page.getByRole('heading', { name: 'Create your account' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  for (const text of [visitor.username, `${visitor.username}@example.org`, PASSWORD]) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await page.getByText('No notes yet').waitFor();
  await page.getByLabel('Note', { exact: true }).focus();
  await page.keyboard.type('by hand');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Edit “by hand”' }).press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.type(', changed');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete “by hand, changed”' }).press('Enter');
  await page.getByText('No notes yet').waitFor();
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('shows in one tab what happens in another', async () => {
  await using visitor = await demo.visitor();
  const first = await visitor.register();
  const second = await visitor.open('/notes');
  for (const page of [first, second]) await page.getByText('Live', { exact: true }).waitFor();
  await addNote(first, 'seen elsewhere');
  await second.getByText('seen elsewhere').waitFor();
  await second.getByRole('button', { name: 'Delete “seen elsewhere”' }).click();
  await first.getByText('No notes yet').waitFor();
  await first.close();
  await using elsewhere = await demo.visitor();
  await addNote(await signIn(elsewhere, visitor.username), 'from another browser');
  await second.getByText('from another browser').waitFor();
}, 30_000);

test('keeps the chosen theme', async () => {
  await using visitor = await demo.visitor({ colorScheme: 'light' });
  const page = await visitor.open('/sign-in');
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await page.reload();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  await expect.poll(ground).toBe(dark);
}, 30_000);

test('shows that a page cannot be loaded or that the network is down', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.route('**/assets/SecurityPage*', (route) => route.abort());
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.goto('/notes');
  await page.getByText('No notes yet').waitFor();
  await visitor.context.setOffline(true);
  await page.getByText('You are offline.').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await visitor.context.setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'hidden' });
}, 30_000);
