import { type RunningApp, startApp } from '@latchkey/testing';

/** A running server app, built, with data of its own. */
export type Api = RunningApp;

/** Starts the built server app, which serves the built web app; `env` is laid over the test's settings. */
export const startApi = (env: Record<string, string> = {}): Promise<Api> =>
  startApp({
    main: new URL('../../api/dist/index.js', import.meta.url),
    needs: [new URL('../dist/index.html', import.meta.url)],
    env: { NODE_ENV: 'test', BCRYPT_COST: '4', ACCESS_TOKEN_EXPIRY: '3s', ...env },
  });
