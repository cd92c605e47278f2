import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './chromium.js';
import { type Api, startApi } from './startApi.js';
import { createVisitor, type Visitor, type VisitorOptions } from './visitor.js';

/** A running server app and a browser, for all tests of a file. */
export interface Demo {
  readonly api: Api;
  readonly browser: Browser;
  /** Opens a fresh browser profile. */
  visitor(options?: Omit<VisitorOptions, 'url'>): Promise<Visitor>;
}

/** Starts both before the tests of the calling file and ends them afterwards; `env` is the app's environment. */
export function setUpDemo(env?: Record<string, string>): Demo {
  let started: { api: Api; browser: Browser } | undefined;
  const running = () => {
    if (!started) throw new Error('The demo runs only during tests.');
    return started;
  };

  beforeAll(async () => {
    const [api, browser] = await Promise.all([startApi(env), launchChromium()]);
    started = { api, browser };
  }, 120_000);

  afterAll(async () => {
    await started?.browser.close();
    await started?.api[Symbol.asyncDispose]();
  });

  return {
    get api() {
      return running().api;
    },
    get browser() {
      return running().browser;
    },
    visitor: (options) => createVisitor(running().browser, { ...options, url: running().api.url }),
  };
}
