import { type RunningApp, startApp } from '@latchkey/e2e';

/** A running, built server app with its own data. */
export interface Api extends RunningApp {
  /** Makes a person an administrator from their next sign-in on, as `npm run admin` does. */
  makeAdmin(username: string): Promise<void>;
  /** Moves a person's last sign-in an hour into the past; their next access token says so. */
  ageSignIn(username: string): Promise<void>;
}

/** Starts the built server app, which serves the built web app; `env` overrides the test's settings. */
export async function startApi(env: Record<string, string> = {}): Promise<Api> {
  const app = await startApp({
    main: new URL('../../api/dist/index.js', import.meta.url),
    needs: [new URL('../dist/index.html', import.meta.url)],
    env: { NODE_ENV: 'test', BCRYPT_COST: '4', ACCESS_TOKEN_EXPIRY: '3s', ...env },
  });
  const adminCommand = new URL('../../api/dist/admin.js', import.meta.url);
  const ageCommand = new URL('ageSignIn.mjs', import.meta.url);
  return {
    ...app,
    makeAdmin: (username) => app.runBeside(adminCommand, username),
    ageSignIn: (username) => app.runBeside(ageCommand, username),
  };
}
