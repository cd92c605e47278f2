import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { addNote, PASSWORD } from './visitor.js';

const demo = setUpDemo();

function alerts(page: Page) {
  return page.getByRole('alert').allTextContents();
}

function signOutButton(page: Page) {
  return page.getByRole('button', { name: 'Sign out' });
}

test('keeps writing notes while access tokens of 3 s end, without one visible error', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('notes.') && response.status() >= 400) failed.push(response.url());
  });
  const texts: string[] = [];
  while (visitor.refreshes() < 4) {
    const text = `thought ${texts.length + 1}`;
    texts.push(text);
    await addNote(page, text);
    expect((await alerts(page)).join('')).toBe('');
  }
  expect(await page.getByRole('listitem').locator('p').allTextContents()).toEqual(texts.toReversed());
  expect(failed).toEqual([]);
  expect(visitor.problems).toEqual([]);
}, 120_000);

test('stays signed in through a reload, and shows the notes to nobody else', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await addNote(page, 'kept');
  await page.reload();
  await page.getByText('kept', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Delete “kept”' }).click();
  await page.getByText('No notes yet').waitFor();
  await using stranger = await demo.visitor();
  const other = await stranger.open('/notes');
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(new URL(other.url()).pathname).toBe('/sign-in');
  expect([...visitor.problems, ...stranger.problems]).toEqual([]);
}, 40_000);

test('keeps two tabs signed in together, and signs both out when the person signs out in one', async () => {
  await using visitor = await demo.visitor();
  const first = await visitor.register();
  const second = await visitor.open();
  await addNote(second, 'from the second tab');
  for (let round = 1; round <= 3; round++) {
    await visitor.refreshed(1);
    await addNote(first, `first ${round}`);
    await addNote(second, `second ${round}`);
  }
  await visitor.idle();
  await signOutButton(second).click();
  for (const page of [first, second]) {
    await page.getByText('You are signed out.').waitFor();
    expect(await page.getByText('second 1').count()).toBe(0);
  }
  await first.reload();
  await first.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('keeps eight tabs signed in by one access token that they share', async () => {
  await using visitor = await demo.visitor();
  const pages = [await visitor.register()];
  while (pages.length < 8) pages.push(await visitor.open());
  for (const page of pages) await page.getByText('No notes yet').waitFor();
  await visitor.refreshed(4);
  const tokens = new Set<string | undefined>();
  let refreshes = 0;
  visitor.context.on('request', (request) => {
    if (request.url().endsWith('/auth.refresh')) refreshes++;
    if (request.url().includes('notes.create')) tokens.add(request.headers().authorization);
  });
  await Promise.all(pages.map((page, index) => addNote(page, `tab ${index}`)));
  // One token, one more from a refresh that was under way, and one from each refresh since: alone, the tabs have eight.
  expect(tokens.size).toBeLessThanOrEqual(2 + refreshes);
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('signs the other tabs in as well, and shows nothing of the person before', async () => {
  await using visitor = await demo.visitor();
  const first = await visitor.register();
  await addNote(first, 'private');
  const second = await visitor.open();
  await second.getByText('private', { exact: true }).waitFor();
  await visitor.idle();
  await signOutButton(second).click();
  await first.getByRole('link', { name: 'Create an account' }).click();
  await first.getByLabel('Username').fill(`${visitor.username}-b`);
  await first.getByLabel('E-mail').fill(`${visitor.username}-b@example.org`);
  await first.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await first.getByRole('button', { name: 'Create account' }).click();
  for (const page of [first, second]) {
    await page.getByText('No notes yet').waitFor();
    expect(await page.getByText('private', { exact: true }).count()).toBe(0);
  }
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('shows an error beside the field that it concerns', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/register');
  await page.getByLabel('Username').fill('no spaces please');
  await page.getByLabel('E-mail').fill('somebody@example.org');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  const wrong = await page.locator('[aria-invalid="true"]').evaluateAll((inputs) =>
    inputs.map((input) => {
      const id = input.getAttribute('aria-describedby') ?? '';
      return [input.getAttribute('name'), document.getElementById(id)?.textContent !== ''];
    }),
  );
  expect(wrong).toEqual([
    ['username', true],
    ['password', true],
  ]);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Username or e-mail').fill('nobody-here');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The name or the password is wrong.').waitFor();
}, 40_000);

test('lets no script read the refresh token', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await visitor.refreshed(1);
  await addNote(page, 'after a refresh');
  const cookies = await visitor.context.cookies();
  const cookie = cookies.find(({ name }) => name.endsWith('latchkey-refresh'));
  expect(cookie).toMatchObject({ name: '__Host-latchkey-refresh', httpOnly: true, secure: true, path: '/' });
  const secret = cookie?.value.split('.')[3] ?? '';
  expect(secret.length).toBeGreaterThan(20);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const stored = await page.evaluate(async () => [
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    ...(await indexedDB.databases()).map(({ name }) => String(name)),
    ...(await caches.keys()),
  ]);
  expect(stored).toEqual(['{}', '{}']);
  const reachable = await page.evaluate(collectStrings);
  expect(reachable.length).toBeGreaterThan(1_000);
  for (const [index, place] of [reachable, visitor.bodies].entries()) {
    const leaks = place.filter((text) => text.includes(secret)).length;
    expect({ index, leaks }).toEqual({ index, leaks: 0 });
  }
  expect(visitor.bodies.some((body) => body.includes('accessToken'))).toBe(true);
  expect(visitor.problems).toEqual([]);
}, 40_000);

/** The strings that a script can reach from `window` and the document, within a limit that memory can hold. */
function collectStrings(): string[] {
  const strings: string[] = [];
  const seen = new Set<object>();
  const queue: unknown[] = [window, document.getElementById('root'), ...document.querySelectorAll('*')];
  for (let value = queue.shift(); queue.length > 0 && seen.size < 50_000; value = queue.shift()) {
    if (typeof value === 'string') strings.push(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      try {
        queue.push(Reflect.get(value, key));
      } catch {
        // a getter that works on another object only
      }
    }
  }
  return strings;
}

test('goes on in the open page after the server is killed and started again', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await addNote(page, 'before');
  await demo.api.kill();
  await page.getByText('The server does not respond').waitFor({ timeout: 30_000 });
  await page.getByLabel('Note', { exact: true }).fill('during the outage');
  await page.getByRole('button', { name: 'Add note' }).click();
  await demo.api.restart();
  await page.getByRole('button', { name: 'Delete “during the outage”' }).waitFor({ timeout: 30_000 });
  await page.getByText('The server does not respond').waitFor({ state: 'detached' });
  await addNote(page, 'after');
  await page.reload();
  await page.getByText('after', { exact: true }).waitFor();
  const texts = await page.getByRole('listitem').locator('p').allTextContents();
  expect(texts).toEqual(['after', 'during the outage', 'before']);
  const outage = /ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING)/;
  const unexpected = visitor.problems.filter((problem) => !outage.test(problem));
  expect(unexpected).toEqual([]);
}, 90_000);
