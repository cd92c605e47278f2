import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { addNote } from './visitor.js';

/** Bytes; of these, 4,000 are the client's own limit. */
const SCRIPT_LIMIT = 131_000;
const NOTES = 1_000;

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

test('loads at most 131 kB of script, gzip, for the first page, and nothing from elsewhere', async () => {
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

test('waits for one style sheet before the first paint, and moves nothing afterwards', async () => {
  await using visitor = await demo.visitor();
  await visitor.context.addInitScript(recordShifts);
  const page = await visitor.open('/');
  await page.getByRole('button', { name: 'Try it' }).waitFor();
  await page.waitForLoadState('networkidle');
  const { blocking, shift } = await page.evaluate(() => ({
    blocking: performance
      .getEntriesByType('resource')
      .filter((entry) => Reflect.get(entry, 'renderBlockingStatus') === 'blocking')
      .map(({ name }) => name),
    shift: Reflect.get(window, 'shift'),
  }));
  console.log(`layout shift ${shift}`);
  expect(blocking).toEqual([expect.stringMatching(/\/assets\/index-[\w-]+\.css$/)]);
  expect(shift).toBeLessThan(0.02);
}, 30_000);

/** Adds up the layout shifts. */
function recordShifts() {
  Reflect.set(window, 'shift', 0);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      Reflect.set(window, 'shift', Reflect.get(window, 'shift') + Reflect.get(entry, 'value'));
  }).observe({ type: 'layout-shift', buffered: true });
}

test('lays out the visible notes of a thousand, and changes one item when a note is added', async () => {
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
  const laidOut = () => page.evaluate(countLaidOut);
  // The window shows about ten, and the browser lays out some around them.
  await expect.poll(laidOut).toBeLessThan(NOTES / 10);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect.poll(laidOut).toBeLessThan(NOTES / 10);
  await page.evaluate(recordChangedItems);
  await addNote(page, 'one more');
  expect(await page.evaluate(() => Reflect.get(window, 'changedItems').size)).toBe(1);
}, 40_000);

/** The number of notes that the browser has laid out. */
function countLaidOut(): number {
  const texts = [...document.querySelectorAll('main li p')];
  return texts.filter((text) => text.checkVisibility({ contentVisibilityAuto: true })).length;
}

/** Collects the items of the list that are added, or change in any way. */
function recordChangedItems() {
  const changed = new Set<Element>();
  Reflect.set(window, 'changedItems', changed);
  const itemOf = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest('main li');
  const observer = new MutationObserver((records) => {
    for (const { target, addedNodes } of records)
      for (const node of [target, ...addedNodes]) {
        const item = itemOf(node);
        if (item) changed.add(item);
      }
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
}
