import { staleLines, startApp, testSession } from '@latchkey/e2e';
import { expect, test } from 'vitest';

const TOKEN_MS = 3_000;

testSession(
  () =>
    startApp({
      main: new URL('../dist/server/index.js', import.meta.url),
      needs: [new URL('../dist/web/index.html', import.meta.url)],
      env: { ACCESS_TOKEN_MS: String(TOKEN_MS) },
    }),
  { accessTokenMs: TOKEN_MS },
);

test('the README shows what the app is', async () => {
  expect(await staleLines(new URL('..', import.meta.url))).toEqual([]);
});
