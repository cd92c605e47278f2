import { setTimeout as sleep } from 'node:timers/promises';
import { openProfile, type Profile, type ProfileOptions } from '@latchkey/e2e';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';

/** A person in a browser profile of their own. */
export interface Visitor extends Profile {
  readonly username: string;
  /** Opens the app and creates an account. */
  register(): Promise<Page>;
  /**
   * Waits until no request of any page is under way. Needed before a sign-out where console errors count: the server
   * refuses a call that the sign-out overtakes, and browsers log that.
   */
  idle(): Promise<void>;
  /** How many refreshes of all pages the server has answered. */
  refreshes(): number;
  /** Waits until the server has answered so many refreshes more. */
  refreshed(times: number): Promise<void>;
}

export const PASSWORD = 'four unlikely words here';

let visitors = 0;

/** Streams stay open; they count as under way until their response begins. */
function isStream(request: Request) {
  return request.resourceType() === 'eventsource' || /onChange/.test(request.url());
}

/** The requests under way, of all pages. */
function followRequests(context: BrowserContext): ReadonlySet<Request> {
  const underWay = new Set<Request>();
  const end = (request: Request) => underWay.delete(request);
  context.on('request', (request) => underWay.add(request));
  context.on('requestfinished', end);
  context.on('requestfailed', end);
  context.on('response', (response) => {
    if (isStream(response.request())) end(response.request());
  });
  return underWay;
}

/** The app's address, how the browser looks, and the person's name. */
export interface VisitorOptions extends ProfileOptions {
  readonly username?: string;
}

/** Opens a fresh profile. */
export async function createVisitor(
  browser: Browser,
  { username = `visitor-${++visitors}`, ...options }: VisitorOptions,
): Promise<Visitor> {
  const profile = await openProfile(browser, options);
  const underWay = followRequests(profile.context);
  const open = (path = '/notes') => profile.open(path);
  let refreshes = 0;
  profile.context.on('response', (response) => {
    if (response.url().endsWith('/auth.refresh') && response.ok()) refreshes++;
  });
  return {
    ...profile,
    username,
    open,
    register: async () => {
      const page = await open('/register');
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('E-mail').fill(`${username}@example.org`);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      return page;
    },
    idle: async () => {
      while (underWay.size > 0) await sleep(20);
    },
    refreshes: () => refreshes,
    refreshed: async (times) => {
      for (const last = refreshes + times; refreshes < last; ) await sleep(20);
    },
  };
}

/** Signs a visitor in to an existing account. */
export async function signIn(visitor: Visitor, identifier: string, password = PASSWORD): Promise<Page> {
  const page = await visitor.open('/sign-in');
  await page.getByLabel('Username or e-mail').fill(identifier);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return page;
}

/** Writes a note and waits until the server has it. */
export async function addNote(page: Page, text: string): Promise<void> {
  await page.getByLabel('Note', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('button', { name: `Delete “${text}”` }).waitFor();
}
