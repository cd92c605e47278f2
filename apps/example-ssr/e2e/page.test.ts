import {
  addItem,
  launchChromium,
  openProfile,
  signUp,
  staleLines,
  startApp,
  testSession,
} from '@latchkey/e2e';
import { expect, test } from 'vitest';

const TOKEN_MS = 3_000;

function start() {
  return startApp({
    main: new URL('../dist/server/index.js', import.meta.url),
    needs: [new URL('../dist/web/client.js', import.meta.url)],
    env: { ACCESS_TOKEN_MS: String(TOKEN_MS) },
  });
}

testSession(start, { accessTokenMs: TOKEN_MS });

test('renders the data of the signed-in person on the server, also after the access token has expired', async () => {
  await using app = await start();
  await using browser = await launchChromium();
  await using profile = await openProfile(browser, { url: app.url });
  const page = await signUp(profile);
  await addItem(page, 'as rendered');
  const { request } = profile.context;
  const html = async () => (await request.get(app.url)).text();
  const access = async () =>
    (await profile.context.cookies()).find(({ name }) => name === '__Host-latchkey-access')?.value;
  await page.close();
  expect(await html()).toContain('<li>as rendered</li>');
  await expect.poll(access).toBeUndefined();
  expect(await html()).toContain('<li>as rendered</li>');
  expect(await access()).toBeDefined();
  await using stranger = await openProfile(browser, { url: app.url });
  const theirs = await (await stranger.context.request.get(app.url)).text();
  expect(theirs).toContain('Sign in');
  expect(theirs).not.toContain('as rendered');
});

test('the README shows what the app is', async () => {
  expect(await staleLines(new URL('..', import.meta.url))).toEqual([]);
});
