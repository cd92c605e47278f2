import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { type Api, startApi } from './startApi.js';
import { addNote, createVisitor, PASSWORD, signIn, type Visitor } from './visitor.js';

/**
 * Takes the README's picture, `docs/demo.png`; given a folder, takes every page there too, wide and narrow, light and
 * dark: `pnpm screenshots /tmp/pages`.
 */
const [folder] = process.argv.slice(2);
const DEMO = fileURLToPath(new URL('../docs/demo.png', import.meta.url));

const NOTES = [
  'Ask the garden centre about the fig tree',
  'Train to Ghent leaves at 9:42, platform 3',
  'Read the chapter on refresh token rotation before Thursday',
  'Birthday idea: the blue teapot from the corner shop',
];

/** The people in the list of users besides the visitors. */
const PERSON = 'grace';
const DISABLED = 'linus';
const ADMINISTRATOR = 'margaret';

const LOOKS = [
  { name: 'wide-light', viewport: { width: 1600, height: 900 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1600, height: 900 }, colorScheme: 'dark' },
  { name: 'narrow-light', viewport: { width: 360, height: 720 }, colorScheme: 'light' },
  { name: 'narrow-dark', viewport: { width: 360, height: 720 }, colorScheme: 'dark' },
] as const;

async function fillNotes(page: Page) {
  for (const text of NOTES) await addNote(page, text);
}

/** Takes a picture under a name: of the whole page, or only of its visible part. */
type Take = (page: Page, what: string, options?: { fullPage: boolean }) => Promise<void>;

function press(page: Page, name: string | RegExp) {
  return page.getByRole('button', { name }).click();
}

/** Waits until the inspector shows the text. */
function seeText(page: Page, text: string | RegExp) {
  return page.getByText(text).first().waitFor({ timeout: 30_000 });
}

/** Shortens tokens once the grace period is over, because within it the page would get the same generation again. */
async function livingShortly(page: Page) {
  await page.getByText('over', { exact: true }).waitFor({ timeout: 30_000 });
  await press(page, 'Shorten tokens to 5 s');
  await seeText(page, /^generation [2-9]/);
}

async function takeDemo(browser: Browser, url: string) {
  await using visitor = await createVisitor(browser, {
    url,
    username: 'ada',
    viewport: { width: 1200, height: 1024 },
    deviceScaleFactor: 1.25,
  });
  const page = await visitor.register();
  const notes = await visitor.open('/notes');
  await page.goto('/inspector');
  await livingShortly(page);
  await fillNotes(notes);
  await press(page, 'Take the server offline');
  await seeText(page, 'Server unreachable');
  const written = addNote(notes, 'An access token has just ended. Did you notice?');
  await page.getByText('Access token').locator('xpath=..').getByText('none').waitFor();
  await press(page, /end it now/);
  await seeText(page, 'Signed in');
  await written;
  await page.screenshot({ path: DEMO });
}

/** The inspector in an outage, and after a theft with its events as text. */
async function takeInspector(page: Page, take: Take) {
  await page.goto('/inspector');
  await livingShortly(page);
  await press(page, 'Take the server offline');
  await seeText(page, 'Server unreachable');
  await take(page, 'inspector-outage');
  await press(page, /end it now/);
  await seeText(page, 'Signed in');
  await press(page, 'Give a thief a copy');
  await seeText(page, 'A stolen token was used');
  await page.getByText('Events as text').click();
  await take(page, 'inspector-thief');
}

/** Resets a forgotten password by the mail in the development mailbox. */
async function takeReset(page: Page, { username }: Visitor, take: Take) {
  await page.goto('/forgot-password');
  await page.getByLabel('E-mail', { exact: true }).fill(`${username}@example.org`);
  await take(page, 'forgot-password');
  await press(page, 'Send me a link');
  await page.getByText('a link is on its way').waitFor();
  await take(page, 'forgot-password-sent');
  const link = page
    .getByRole('article')
    .filter({ hasText: `${username}@` })
    .getByRole('link')
    .first();
  const lookAgain = () => page.goto('/dev/mailbox').then(() => link.isVisible());
  while (!(await lookAgain()));
  await take(page, 'mailbox');
  await link.click();
  await page.getByLabel('New password', { exact: true }).fill(`${PASSWORD}, or five`);
  await take(page, 'reset-password');
}

function openMenuOf(page: Page, person: string) {
  return press(page, new RegExp(`^Actions for ${person}$`));
}

/** Opens an administrator's list of users. */
async function openUsers(administrator: Visitor) {
  const page = await signIn(administrator, ADMINISTRATOR);
  await page.getByRole('link', { name: 'Users' }).click();
  return page;
}

/** Creates accounts for the list of users: one disabled, one an administrator's. */
async function fillUsers(browser: Browser, { url, makeAdmin }: Api) {
  for (const username of [PERSON, DISABLED, ADMINISTRATOR]) {
    await using visitor = await createVisitor(browser, { url, username });
    await visitor.register();
  }
  await makeAdmin(ADMINISTRATOR);
  await using administrator = await createVisitor(browser, { url });
  const page = await openUsers(administrator);
  await openMenuOf(page, DISABLED);
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByText('Disabled', { exact: true }).waitFor();
}

async function takeUsers(administrator: Visitor, take: Take) {
  const page = await openUsers(administrator);
  await page.getByText('Disabled', { exact: true }).waitFor();
  await take(page, 'users');
  await openMenuOf(page, PERSON);
  await page.getByRole('menu').waitFor();
  await take(page, 'users-menu');
}

async function takeAll(browser: Browser, { api, to }: { api: Api; to: string }) {
  await mkdir(to, { recursive: true });
  const { url } = api;
  await fillUsers(browser, api);
  for (const { name, ...look } of LOOKS) {
    await using visitor = await createVisitor(browser, { url, ...look });
    const take: Take = async (page, what, { fullPage } = { fullPage: true }) => {
      // Sticky headers belong at the top.
      await page.evaluate(() => window.scrollTo(0, 0));
      const path = join(to, `${what}-${name}.png`);
      await page.screenshot({ path, fullPage, animations: 'disabled' });
    };
    const landing = await visitor.open('/');
    await landing.getByText('Watch a session live').scrollIntoViewIfNeeded();
    await landing.getByText('A recording of a real session').waitFor();
    await take(landing, 'landing');
    await landing.goto('/nowhere');
    await take(landing, 'not-found');
    await landing.close();
    const form = await visitor.open('/register');
    await form.getByLabel('Username').fill('x y');
    await form.getByLabel('E-mail').fill('x@example.org');
    await form.getByLabel('Password', { exact: true }).fill('short');
    await form.getByRole('button', { name: 'Create account' }).click();
    await form.locator('[aria-invalid="true"]').first().waitFor();
    await take(form, 'register-refused');
    await form.close();
    const page = await visitor.register();
    await page.getByText('No notes yet').waitFor();
    await take(page, 'notes-empty');
    await fillNotes(page);
    await take(page, 'notes');
    for (const [link, heading] of [
      ['Devices', 'Devices'],
      ['Security', 'Security'],
      ['Activity', 'Activity'],
    ] as const) {
      await page.getByRole('link', { name: link }).click();
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.getByText(/^Fetching/).waitFor({ state: 'hidden' });
      await take(page, link.toLowerCase());
    }
    await page.goto('/security');
    await press(page, 'Delete my account');
    await page.getByRole('dialog').waitFor();
    await take(page, 'delete-account', { fullPage: false });
    await page.goto('/admin');
    await page.getByText('For administrators only').waitFor();
    await take(page, 'admin-closed');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await take(page, 'sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('E-mail').waitFor();
    await take(page, 'register');
    await takeInspector(await signIn(visitor, visitor.username), take);
    await takeReset(page, visitor, take);
    await using administrator = await createVisitor(browser, { url, ...look });
    await takeUsers(administrator, take);
    await page.goto('/verify-email?token=x');
    await page.getByRole('button', { name: 'Verify this address' }).waitFor();
    await take(page, 'verify-email');
    await press(page, 'Verify this address');
    await page.getByText('not valid any more').waitFor();
    await take(page, 'verify-email-refused');
    await page.route('**/trpc/**', (route) => route.abort());
    await page.reload();
    await page.getByText('The server does not respond').waitFor();
    await take(page, 'outage');
  }
}

await using api = await startApi({ ACCESS_TOKEN_EXPIRY: '15m', REFRESH_GRACE: '3s' });
await using browser = await launchChromium();
await takeDemo(browser, api.url);
if (folder) await takeAll(browser, { api, to: folder });
