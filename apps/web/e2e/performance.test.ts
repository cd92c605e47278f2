import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';

const SCRIPT_LIMIT = 130_000;
const FIRST_PAINT_LIMIT_MS = 1_000;
const NOTES = 1_000;

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

test('loads at most 130 kB of script, gzip, for the first page, and nothing from elsewhere', async () => {
  await using visitor = await demo.visitor();
  const scripts = new Map<string, Promise<Buffer>>();
  const elsewhere: string[] = [];
  visitor.context.on('response', (response) => {
    const url = response.url();
    if (!url.startsWith(`${demo.api.url}/`)) elsewhere.push(url);
    if (response.request().resourceType() === 'script') scripts.set(url, response.body());
  });
  const page = await visitor.open('/');
  await page.getByRole('button', { name: 'Try it' }).waitFor();
  await page.waitForLoadState('networkidle');
  const bodies = await Promise.all(scripts.values());
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  console.log(`the first page loads ${bytes} B of script, gzip, in ${bodies.length} files`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_LIMIT);
  expect(elsewhere).toEqual([]);
}, 30_000);

test('paints within a second, waits for one style sheet only, and moves nothing afterwards', async () => {
  await using visitor = await demo.visitor();
  await visitor.context.addInitScript(recordShifts);
  const page = await visitor.open('/');
  await page.getByRole('button', { name: 'Try it' }).waitFor();
  await page.waitForLoadState('networkidle');
  const { paint, blocking, shift } = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY,
    blocking: performance
      .getEntriesByType('resource')
      .filter((entry) => Reflect.get(entry, 'renderBlockingStatus') === 'blocking')
      .map(({ name }) => name),
    shift: Reflect.get(window, 'shift'),
  }));
  console.log(`first paint after ${Math.round(paint)} ms, layout shift ${shift}`);
  expect(paint).toBeLessThan(FIRST_PAINT_LIMIT_MS);
  expect(blocking).toEqual([expect.stringMatching(/\/assets\/index-[\w-]+\.css$/)]);
  expect(shift).toBeLessThan(0.02);
}, 30_000);

/** Adds up by how much what was drawn already is moved. */
function recordShifts() {
  Reflect.set(window, 'shift', 0);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      Reflect.set(window, 'shift', Reflect.get(window, 'shift') + Reflect.get(entry, 'value'));
  }).observe({ type: 'layout-shift', buffered: true });
}

test('stays quick with a thousand notes', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const now = Date.now();
  const notes = Array.from({ length: NOTES }, (_, index) => {
    const at = new Date(now - index * 60_000).toISOString();
    return { id: `note-number-${index}`, text: `note ${index}`, createdAt: at, updatedAt: at };
  });
  await page.route('**/trpc/notes.list*', (route) => route.fulfill({ json: [{ result: { data: notes } }] }));
  await page.reload();
  await page.getByText('note 999', { exact: true }).waitFor({ state: 'attached' });
  const slowest = await page.evaluate(scrollThrough);
  console.log(`the slowest of the frames while scrolling ${NOTES} notes took ${Math.round(slowest)} ms`);
  expect(slowest).toBeLessThan(250);
  const shown = page.evaluate(timeToShow, 'one more');
  await page.getByLabel('Note', { exact: true }).fill('one more');
  await page.getByRole('button', { name: 'Add note' }).click();
  const time = await shown;
  console.log(`a note shows ${Math.round(time)} ms after it was written`);
  expect(time).toBeLessThan(1_000);
}, 40_000);

/** Scrolls from the beginning to the end in 60 steps; resolves to the longest time between two frames. */
function scrollThrough(): Promise<number> {
  const STEPS = 60;
  return new Promise((resolve) => {
    let [step, slowest, before] = [0, 0, performance.now()];
    const next = (now: number) => {
      if (step > 0) slowest = Math.max(slowest, now - before);
      before = now;
      window.scrollTo(0, (document.documentElement.scrollHeight * ++step) / STEPS);
      if (step < STEPS) requestAnimationFrame(next);
      else resolve(slowest);
    };
    requestAnimationFrame(next);
  });
}

/** Resolves to the milliseconds from the sending of a form to the picture in which its text is in the list. */
function timeToShow(text: string): Promise<number> {
  return new Promise((resolve) => {
    const sent = () => {
      const from = performance.now();
      const look = () => {
        const isThere = [...document.querySelectorAll('li p')].some((p) => p.textContent === text);
        if (isThere) resolve(performance.now() - from);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('submit', sent, { capture: true, once: true });
  });
}
