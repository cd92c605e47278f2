import { beforeAll } from 'vitest';
import { setUpDemo } from '../setUpDemo.js';
import { buildPage, createTabs } from './openTabs.js';

/** Starts a server app and a browser for all tests of a file; `env` is the app's environment. */
export function setUpTabs(env?: Record<string, string>) {
  const demo = setUpDemo(env);
  let html: string;
  beforeAll(async () => {
    html = await buildPage();
  });
  return {
    demo,
    /** Opens a fresh browser profile. */
    openProfile: async () => {
      const context = await demo.browser.newContext();
      const tabs = await createTabs(context, { url: demo.api.url, html });
      return { ...tabs, context, [Symbol.asyncDispose]: () => context.close() };
    },
  };
}
