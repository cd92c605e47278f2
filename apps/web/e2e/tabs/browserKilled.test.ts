import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { launchWithProfile } from '../chromium.js';
import { startApi } from '../startApi.js';
import { buildPage, createTabs, snapshotOf } from './openTabs.js';

test('a browser killed between the server’s response to a refresh and the new cookie starts signed in', async () => {
  const html = await buildPage();
  await using api = await startApi();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-profile-'));
  const start = async () => {
    const context = await launchWithProfile(folder);
    return { context, tabs: await createTabs(context, { url: api.url, html }) };
  };
  try {
    const first = await start();
    const { username } = await first.tabs.register();
    await first.context.close();

    const second = await start();
    const page = await second.tabs.open();
    expect(await snapshotOf(page)).toMatchObject({ username });
    const devtools = await page.context().browser()?.newBrowserCDPSession();
    const info = await devtools?.send('SystemInfo.getProcessInfo');
    const browser = info?.processInfo.find(({ type }) => type === 'browser');
    if (!browser) throw new Error('the browser has no process');
    const answered = new Promise<void>((resolve) => {
      void page.route('**/auth.refresh', async (route) => {
        await route.fetch(); // the server rotates, and the page receives no response
        resolve();
      });
    });
    await page.evaluate(() => void window.kit.session.refresh().catch(() => {}));
    await answered;
    process.kill(browser.id, 'SIGKILL');
    await second.context.close().catch(() => {});
    await sleep(3_100); // a little longer than an access token lives

    const third = await start();
    expect(await snapshotOf(await third.tabs.open())).toMatchObject({ status: 'authenticated', username });
    await third.context.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
