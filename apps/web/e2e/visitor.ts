import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A person in a browser profile of their own, and all that went wrong in their pages. */
export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly username: string;
  /** Console errors, uncaught exceptions and broken content rules, of all pages. */
  readonly problems: string[];
  /** What every answer of the server said, bodies only. */
  readonly bodies: string[];
  open(path?: string): Promise<Page>;
  /** Opens the app and creates an account. */
  register(): Promise<Page>;
}

export const PASSWORD = 'four unlikely words here';

/** What browsers themselves write when the first load finds that nobody is signed in. */
const isFirstLook = (text: string, url: string) => /\b401\b/.test(text) && url.endsWith('/trpc/auth.refresh');

let visitors = 0;

/** Where to go, how the browser looks, and what the person is called. */
export interface VisitorOptions extends BrowserContextOptions {
  readonly url: string;
  readonly username?: string;
}

/** Opens a fresh profile. */
export const createVisitor = async (
  browser: Browser,
  { url, username = `visitor-${++visitors}`, ...options }: VisitorOptions,
): Promise<Visitor> => {
  const context = await browser.newContext({ baseURL: url, ...options });
  const problems: string[] = [];
  const bodies: string[] = [];

  context.on('console', (message) => {
    if (message.type() === 'error' && !isFirstLook(message.text(), message.location().url))
      problems.push(message.text());
  });
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('response', (response) => {
    // A page that is left takes the bodies of its last answers with it.
    response.text().then(
      (body) => bodies.push(body),
      () => {},
    );
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`content rule broken: ${violatedDirective} ${blockedURI}`),
    );
  });

  const open = async (path = '/notes') => {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(path);
    return page;
  };

  return {
    context,
    username,
    problems,
    bodies,
    open,
    register: async () => {
      const page = await open('/register');
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('E-mail').fill(`${username}@example.org`);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
};

/** Writes a note and waits until the server has it. */
export const addNote = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel('Note').fill(text);
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('button', { name: `Delete “${text}”` }).waitFor();
};
