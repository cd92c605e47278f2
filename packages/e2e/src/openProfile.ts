import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A separate browser profile, and everything that went wrong in its pages. */
export interface Profile extends AsyncDisposable {
  readonly context: BrowserContext;
  /** Console errors, uncaught exceptions and violations of the content security policy. */
  readonly problems: string[];
  /** The bodies of all answers. */
  readonly bodies: string[];
  open(path?: string): Promise<Page>;
}

export interface ProfileOptions extends BrowserContextOptions {
  readonly url: string;
}

/** The console error of the browser itself when a page loads and the person is signed out. */
function isSignedOutAtLoad(text: string, url: string) {
  return /\b401\b/.test(text) && url.endsWith('/trpc/auth.refresh');
}

export async function openProfile(browser: Browser, { url, ...options }: ProfileOptions): Promise<Profile> {
  const context = await browser.newContext({ baseURL: url, ...options });
  const problems: string[] = [];
  const bodies: string[] = [];

  context.on('console', (message) => {
    if (message.type() === 'error' && !isSignedOutAtLoad(message.text(), message.location().url))
      problems.push(message.text());
  });
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('response', (response) => {
    // The bodies of the last answers are gone when the page is left.
    response.text().then(
      (body) => bodies.push(body),
      () => {},
    );
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`content security policy violated: ${violatedDirective} ${blockedURI}`),
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
