import superjson from 'superjson';
import { type BrowserOptions, createBrowser } from './browser.js';

export const PASSWORD = 'four unlikely words here';

let people = 0;

/** A person who has just registered with a real server, in a new browser. */
export async function arrive<TClient>(
  options: BrowserOptions<TClient>,
  clock: Parameters<typeof createBrowser>[1],
) {
  const browser = createBrowser({ ...options, tab: { transformer: superjson, ...options.tab } }, clock);
  const tab = browser.openTab();
  const username = `person-${++people}`;
  await tab.session.register({ username, email: `${username}@example.org`, password: PASSWORD });
  return { ...tab, browser, username, [Symbol.dispose]: () => browser[Symbol.dispose]() };
}
