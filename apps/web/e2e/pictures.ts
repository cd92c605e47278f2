import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { animateWebp, type Frame } from './animatedWebp.js';
import { launchChromium } from './chromium.js';
import { startApi } from './startApi.js';
import { createVisitor } from './visitor.js';

/** Films the README's pictures of the session inspector, `docs/*.webp`. */
const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const EVERY_MS = 250;
const LAST_MS = 3_000;
const QUALITY = 50;

function press(page: Page, name: string) {
  return page.getByRole('button', { name }).click();
}

const STORIES: Record<string, (page: Page) => Promise<unknown>> = {
  thief: async (page) => {
    await press(page, 'Give a thief a copy');
    await page.getByText('A stolen token was used').waitFor({ timeout: 30_000 });
    await sleep(1_500);
  },
  outage: async (page) => {
    await press(page, 'Take the server offline');
    await sleep(6_500);
    await page.getByRole('button', { name: /end it now/ }).click();
    await page
      .getByTestId('narration')
      .getByText(/tried again; the session moved|waited/)
      .waitFor();
    await sleep(2_000);
  },
  tabs: async (page) => {
    await press(page, 'Open ten tabs');
    await sleep(7_000);
  },
};

/** Takes pictures of the timeline and its explanation until the story ends. */
async function film(page: Page, story: Promise<unknown>) {
  const place = await page.getByRole('application').boundingBox();
  if (!place) throw new Error('There is no timeline.');
  const NARRATION = 92;
  const width = Math.ceil(place.width) + 8;
  const cdp = await page.context().newCDPSession(page);
  const taken: { image: Buffer; at: number }[] = [];
  let isOver = false;
  const whole = story.finally(() => {
    isOver = true;
  });
  let height = 0;
  while (!isOver) {
    const next = sleep(EVERY_MS);
    const box = await page.getByRole('application').boundingBox();
    if (box) {
      height = Math.max(height, Math.ceil(box.height) + NARRATION);
      const clip = { x: box.x - 4, y: box.y - 4, width, height, scale: 1 };
      const { data } = await cdp.send('Page.captureScreenshot', {
        format: 'webp',
        quality: QUALITY,
        clip,
        captureBeyondViewport: true,
      });
      taken.push({ image: Buffer.from(data, 'base64'), at: Date.now() });
    }
    await next;
  }
  await whole;
  const last = taken.filter(({ image }) => heightOf(image) === height);
  const frames: Frame[] = last.map(({ image, at }, index) => ({
    image,
    duration: (last[index + 1]?.at ?? at + LAST_MS) - at,
  }));
  return animateWebp(frames, { width, height });
}

/** The height that a lossy WebP file says it has. */
function heightOf(image: Buffer) {
  return image.readUInt16LE(image.indexOf('VP8 ') + 16) & 0x3fff;
}

async function take(browser: Browser, { url, name }: { url: string; name: string }) {
  await using visitor = await createVisitor(browser, { url, viewport: { width: 900, height: 1200 } });
  const page = await visitor.open('/inspector');
  await press(page, 'Start as a guest');
  await press(page, 'Shorten tokens to 5 s');
  await press(page, 'Zoom in');
  await sleep(6_000);
  const picture = await film(page, STORIES[name]?.(page) ?? Promise.reject(new Error(`no story ${name}`)));
  await writeFile(join(DOCS, `${name}.webp`), picture);
  console.log(`${name}.webp: ${Math.round(picture.length / 1024)} kB`);
}

const wanted = process.argv.slice(2);
await using api = await startApi({ ACCESS_TOKEN_EXPIRY: '15m', REFRESH_GRACE: '3s' });
await using browser = await launchChromium();
for (const name of wanted.length > 0 ? wanted : Object.keys(STORIES))
  await take(browser, { url: api.url, name });
