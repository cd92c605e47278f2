import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import type {} from './page.js';

const PASSWORD = 'four unlikely words here';
const SCRIPT = fileURLToPath(new URL('page.ts', import.meta.url));

function isOutput(value: unknown): value is Rolldown.RolldownOutput {
  return typeof value === 'object' && value !== null && 'output' in value;
}

/** The page of `page.ts`, as one HTML file. */
export async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', rolldownOptions: { input: SCRIPT } },
  });
  const [output] = [built].flat();
  if (!isOutput(output)) throw new Error('vite built nothing');
  return `<!doctype html><title>Tab</title><script type="module">${output.output[0].code}</script>`;
}

let people = 0;

/** Tabs of one browser profile, each with nothing but a session. */
export async function createTabs(context: BrowserContext, { url, html }: { url: string; html: string }) {
  await context.route('**/tab*', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  const counts = { refreshes: 0 };
  context.on('request', (request) => {
    if (request.url().endsWith('/auth.refresh')) counts.refreshes++;
  });

  const open = async (query = ''): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}/tab${query}`);
    await settled(page);
    return page;
  };

  return {
    /** How many refreshes all tabs together asked for. */
    counts,
    open,
    /** Has tabs call until they have asked for so many refreshes more; resolves to what became of each tab's calls. */
    callThrough: async (pages: readonly Page[], refreshes: number) => {
      const last = counts.refreshes + refreshes;
      const outcomes = pages.map((page) => page.evaluate(() => window.kit.keepCalling()));
      while (counts.refreshes < last) await sleep(20);
      await Promise.all(pages.map((page) => page.evaluate(() => window.kit.stopCalling())));
      return Promise.all(outcomes);
    },
    /** Opens a tab, in which a person registers. */
    register: async (query?: string) => {
      const page = await open(query);
      const username = `tabber-${process.pid}-${++people}`;
      await signUp(page, username);
      return { page, username };
    },
  };
}

/** Registers a person in a tab; whoever was signed in there is replaced. */
export async function signUp(page: Page, username: string): Promise<void> {
  const input = { username, email: `${username}@example.org`, password: PASSWORD, remember: true };
  await page.evaluate((person) => window.kit.session.register(person), input);
}

/** Waits until the tab knows who is signed in. */
export function settled(page: Page) {
  return page.waitForFunction(() => window.kit?.session.getSnapshot().status !== 'restoring');
}

export function snapshotOf(page: Page) {
  return page.evaluate(() => {
    const { status, user } = window.kit.session.getSnapshot();
    return { status, username: user?.username };
  });
}
