import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Recording, RecordingEntry } from '../src/inspector/recording/recording.js';
import { launchChromium } from './chromium.js';
import { startApi } from './startApi.js';
import { createVisitor } from './visitor.js';

/** Records a real session with a real thief, for the small inspector on the landing page: `pnpm record`. */
const PLACE = fileURLToPath(new URL('../src/inspector/recording/recording.json', import.meta.url));

declare global {
  interface Window {
    entries: RecordingEntry[];
    begun: number;
  }
}

/** Collects in the page the messages that the inspector receives. */
function listen(page: Page) {
  return page.evaluate(() => {
    // No function in here has a name: tsx would have each refer to a helper that the page lacks.
    window.begun = performance.timeOrigin + performance.now();
    window.entries = [];
    const channel = new BroadcastChannel('latchkey-inspector');
    channel.onmessage = ({ data }) => {
      const after = Math.round(performance.timeOrigin + performance.now() - window.begun);
      for (const mark of data.marks ?? []) window.entries.push({ after, tab: data.tab, mark });
    };
    channel.postMessage({ ask: 'all' });
    new EventSource('/dev/inspector/events').onmessage = ({ data, lastEventId }) => {
      const after = Math.round(performance.timeOrigin + performance.now() - window.begun);
      window.entries.push({ after, number: lastEventId, event: JSON.parse(data) });
    };
  });
}

await using api = await startApi({ ACCESS_TOKEN_EXPIRY: '15m', REFRESH_GRACE: '3s' });
await using browser = await launchChromium();
await using visitor = await createVisitor(browser, { url: api.url });
const page = await visitor.open('/inspector');
await page.getByRole('button', { name: 'Start as a guest' }).click();
await page.getByRole('button', { name: 'Give a thief a copy' }).waitFor();
const second = await visitor.open('/notes');
await page.bringToFront();
const listener = await visitor.open('/favicon.svg');
await listen(listener);
await page.bringToFront();
await page.getByRole('button', { name: 'Shorten tokens to 5 s' }).click();
await sleep(4_000);
await page.getByRole('button', { name: 'Lose the next response' }).click();
await sleep(4_000);
await page.getByRole('button', { name: 'Break a token' }).click();
await sleep(3_000);
await page.getByRole('button', { name: 'Give a thief a copy' }).click();
await page.getByText('A stolen token was used').waitFor({ timeout: 30_000 });
await sleep(1_500);
const { entries, begun } = await listener.evaluate(() => ({ entries: window.entries, begun: window.begun }));
await second.close();
const recording: Recording = { begun, length: entries.at(-1)?.after ?? 0, entries };
await writeFile(PLACE, `${JSON.stringify(recording, null, 2)}\n`);
console.log(`${entries.length} entries over ${recording.length} ms`);
