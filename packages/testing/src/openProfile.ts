import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A browser profile of its own, and all that went wrong in its pages. */
export interface Profile extends AsyncDisposable {
  readonly context: BrowserContext;
  /** Console errors, uncaught exceptions and broken content rules, of all pages. */
  readonly problems: string[];
  /** What every answer of the server said, bodies only. */
  readonly bodies: string[];
  open(path?: string): Promise<Page>;
}

/** Where to go, and how the browser looks. */
export interface ProfileOptions extends BrowserContextOptions {
  readonly url: string;
}

/** What browsers themselves write when the first load finds that nobody is signed in. */
function isFirstLook(text: string, url: string) {
  return /\b401\b/.test(text) && url.endsWith('/trpc/auth.refresh');
}

/** Opens a fresh profile. */
export async function openProfile(browser: Browser, { url, ...options }: ProfileOptions): Promise<Profile> {
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

  return {
    context,
    problems,
    bodies,
    open: async (path = '/') => {
      const page = await context.newPage();
      // No bound on speed: only what hangs is to be noticed.
      page.setDefaultTimeout(60_000);
      await page.goto(path);
      return page;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
