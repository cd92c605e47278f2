import { startApp, testSession } from '@latchkey/testing';

const accessTokenMs = 3_000;

testSession(
  () =>
    startApp({
      main: new URL('../dist/server/index.js', import.meta.url),
      needs: [new URL('../dist/web/index.html', import.meta.url)],
      env: { ACCESS_TOKEN_MS: String(accessTokenMs) },
    }),
  { accessTokenMs },
);
