import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { violationsOf } from './violations.js';
import type { Visitor } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m', REFRESH_GRACE: '2s' });

function press(page: Page, name: RegExp | string) {
  return page.getByRole('button', { name }).click();
}

/** Opens the inspector with a new guest's session and its events as text. */
async function open(visitor: Visitor): Promise<Page> {
  const page = await visitor.open('/inspector');
  await press(page, 'Start as a guest');
  await page.getByRole('button', { name: 'Give a thief a copy' }).waitFor();
  await page.getByText('Events as text').click();
  await page.getByLabel('Include every call').check();
  await seeText(page, 'whoami was answered');
  return page;
}

/** Waits until the list of events contains the text. */
function seeText(page: Page, text: RegExp | string) {
  return page.getByRole('list', { name: 'Events' }).getByText(text).first().waitFor({ timeout: 20_000 });
}

function lanes(page: Page) {
  return page.getByRole('application').getByRole('listitem').locator('span:first-child').allTextContents();
}

/** The problems other than browsers' messages about requests that the inspector broke on purpose. */
function problemsOf({ problems }: Visitor) {
  return problems.filter((problem) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION|status of 401/.test(problem));
}

test('shows a session that begins here: its token, its calls and the server’s side of it', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await expect.poll(() => lanes(page)).toEqual(['Server', 'This tab']);
  await seeText(page, 'An access token of generation 0, which came with the sign-in');
  await seeText(page, 'Generation 0 of the refresh token');
  await seeText(page, /The browser requested whoami; the server responded with 200/);
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('shortens the life of tokens to five seconds, and restores it', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Shorten tokens to 5 s');
  await seeText(page, /A button requested a new access token; the session moved to generation 1/);
  await page.getByText('lives 5 s, in memory only').waitFor();
  await seeText(page, /renewed its access token ahead of time.*the session moved to generation 2/);
  await press(page, 'Restore the token lifetime');
  await page.getByText('lives 15 min, in memory only').waitFor();
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('loses a response, which the next refresh gets again', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Lose the next response');
  await seeText(page, 'moved on to generation 1, and its response was lost on the way');
  await seeText(page, /got (generation 1|the same one back)/);
  await page.getByText('its access token is in use').waitFor();
  expect(problemsOf(visitor)).toEqual([]);
}, 40_000);

test('breaks the token of a call, which is then sent again and answered', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Break a token');
  await seeText(page, 'The token of whoami was damaged on the way');
  await seeText(page, 'then sent again with a new token and answered');
  expect(problemsOf(visitor)).toEqual([]);
}, 40_000);

test('signs nobody out in an outage, and answers the waiting calls afterwards', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Shorten tokens to 5 s');
  await page.getByText('lives 5 s, in memory only').waitFor();
  await press(page, 'Take the server offline');
  await seeText(page, 'cut the connection before it read the request');
  await page.getByText('Server unreachable', { exact: true }).waitFor();
  await seeText(page, 'has been waiting');
  await press(page, /end it now/);
  await seeText(page, /It first waited .* for an access token/);
  await seeText(page, /It stayed signed in, and its calls waited/);
  await page.getByText('Signed in', { exact: true }).waitFor();
  expect(problemsOf(visitor)).toEqual([]);
}, 60_000);

test('catches a thief who waits, and shows the next session on the same axis', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Give a thief a copy');
  await page.getByText(/^strikes in/).waitFor();
  await expect.poll(() => lanes(page)).toEqual(['Server', 'Thief', 'This tab']);
  await page.getByText('A stolen token was used').waitFor();
  await page
    .getByTestId('narration')
    .getByText(/^Caught: the thief presented generation 0/)
    .waitFor();
  await page.getByText('Session ended', { exact: true }).waitFor();
  await press(page, 'Start as a guest');
  await page.getByText('Signed in', { exact: true }).waitFor();
  await expect.poll(() => lanes(page)).toEqual(['Server', 'Thief', 'This tab']);
  expect(problemsOf(visitor)).toEqual([]);
}, 60_000);

test('lets a thief in who strikes at once, and ends the session at the next refresh', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Shorten tokens to 5 s');
  await page.getByText('lives 5 s, in memory only').waitFor();
  await press(page, 'Give a thief a copy');
  await press(page, 'Let the thief strike now');
  await page
    .getByText(/^(The thief got in|Caught: the thief presented)/)
    .first()
    .waitFor();
  await page.getByText('Session ended', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText('A stolen token was used').waitFor();
}, 60_000);

test('shares one session between twelve tabs, with few refreshes for each token', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  const second = await visitor.open('/inspector');
  await page.getByRole('application').getByText('Tab 2').waitFor();
  await press(page, 'Shorten tokens to 5 s');
  // Less than 5 s if another tab requested the token and shared it.
  await page.getByText(/^lives [3-5](\.\d)? s, in memory only$/).waitFor();
  await press(page, 'Open ten tabs');
  await page.getByRole('application').getByText('Worker 10').waitFor();
  await seeText(page, 'which another tab requested and shared');
  let refreshes = 0;
  visitor.context.on('request', (request) => {
    if (request.url().endsWith('/auth.refresh')) refreshes++;
  });
  const tokens = new Set<string | undefined>();
  page.on('request', (request) => {
    if (request.url().includes('whoami')) tokens.add(request.headers().authorization);
  });
  await expect.poll(() => tokens.size, { timeout: 30_000 }).toBeGreaterThan(2);
  // Without sharing, each of the twelve would refresh for every token.
  expect(refreshes).toBeLessThanOrEqual(tokens.size * 3);
  await press(page, 'Close the ten tabs');
  await second.close();
  // A closed tab keeps its lane for only as long as its end is shown.
  const closedLanes = page.getByRole('listitem').filter({ has: page.getByText('closed', { exact: true }) });
  const seenClosed = new Set<string>();
  const countClosed = async () => {
    for (const lane of await closedLanes.allTextContents()) seenClosed.add(lane);
    return seenClosed.size;
  };
  await expect.poll(countClosed).toBe(11);
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('pauses, zooms, and explains the mark that the keyboard chooses', async () => {
  await using visitor = await demo.visitor({ viewport: { width: 360, height: 720 } });
  const page = await open(visitor);
  const picture = () => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const live = await picture();
  await expect.poll(picture).not.toBe(live);
  await page.getByRole('application').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await page.keyboard.press('+');
  await expect.poll(() => page.getByLabel('Time shown').textContent()).toBe('21 s');
  await press(page, 'Zoom out');
  await expect.poll(() => page.getByLabel('Time shown').textContent()).toBe('42 s');
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  const narration = page.getByTestId('narration');
  await narration.getByText(/^Chosen/).waitFor();
  // Both change with each key, and an explanation that counts time changes by itself.
  const isSpoken = async () => {
    const sentence = await narration.locator('p').last().textContent();
    return (await page.getByRole('status').allTextContents()).includes(String(sentence));
  };
  await expect.poll(isSpoken).toBe(true);
  await page.keyboard.press('Escape');
  await narration.getByText(/^Chosen/).waitFor({ state: 'detached' });
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('draws only the tab’s side where the server shows no events, as in production, and says so', async () => {
  await using visitor = await demo.visitor();
  await visitor.context.route('**/dev/inspector/**', (route) => route.fulfill({ status: 404 }));
  const page = await visitor.open('/inspector');
  await press(page, 'Start as a guest');
  await page.getByText('This server does not show its side').waitFor();
  expect(await page.getByRole('button', { name: 'Give a thief a copy' }).count()).toBe(0);
  await page.getByText('Events as text').click();
  await page.getByLabel('Include every call').check();
  await seeText(page, 'whoami was answered');
  expect(visitor.problems.filter((problem) => !problem.includes('404'))).toEqual([]);
}, 40_000);

test('explains the mark under the pointer, keeps a clicked one, and can be dragged through time', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Pause');
  await page.locator('canvas').scrollIntoViewIfNeeded();
  const box = await page.locator('canvas').boundingBox();
  if (!box) throw new Error('The timeline is not drawn.');
  const narration = page.getByTestId('narration');
  const isChosen = async () => ((await narration.textContent()) ?? '').startsWith('Chosen');
  /** Moves the pointer from the right to the first finished call of this tab; another one would go on changing. */
  const pointAtCall = async (): Promise<{ x: number; y: number }> => {
    for (let y = box.y + box.height - 8; y > box.y + box.height / 2; y -= 10)
      for (let x = box.x + box.width - 8; x > box.x; x -= 10) {
        await page.mouse.move(x, y);
        const text = (await narration.textContent()) ?? '';
        if (/^Chosen · This tab .*whoami was answered/.test(text)) return { x, y };
      }
    throw new Error(`No call is found under the pointer; last: ${await narration.textContent()}`);
  };
  const { x, y } = await pointAtCall();
  const sentence = await narration.locator('p').last().textContent();
  await page.mouse.move(box.x - 20, y);
  await expect.poll(isChosen).toBe(false);

  await page.mouse.click(x, y);
  await page.mouse.move(box.x - 20, y);
  await expect.poll(isChosen).toBe(true);
  await expect.poll(() => narration.locator('p').last().textContent()).toBe(sentence);
  await page.keyboard.press('Escape');

  const picture = () => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 120, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(picture).not.toBe(before);
  await page.mouse.move(x - 120, y);
  await expect.poll(() => narration.locator('p').last().textContent()).toBe(sentence);
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('pauses, zooms and speeds up by its buttons, and shows when the server refuses a request', async () => {
  await using visitor = await demo.visitor();
  const page = await open(visitor);
  await press(page, 'Pause');
  await press(page, 'Zoom in');
  await expect.poll(() => page.getByLabel('Time shown').textContent()).toBe('15 s');
  const events = page.getByRole('list', { name: 'Events' }).getByRole('button');
  await events.first().click();
  await page
    .getByTestId('narration')
    .getByText(/^Chosen/)
    .waitFor();
  await press(page, 'Resume');
  await page.getByLabel('Calls that this page makes').selectOption('Ten calls a second');
  let calls = 0;
  page.on('request', (request) => {
    if (request.url().includes('whoami')) calls++;
  });
  await expect.poll(() => calls, { timeout: 20_000 }).toBeGreaterThan(10);
  await page.route('**/dev/inspector/troubles', (route) => route.fulfill({ status: 500 }));
  await press(page, 'Break a token');
  await page.getByText('The server responded with status 500.').waitFor();
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'open another' }).click();
  await opened;
  await page.getByRole('application').getByText('Tab 2').waitFor();
}, 40_000);

test.each(['light', 'dark'] as const)(
  'is accessible in %s colours',
  async (colorScheme) => {
    await using visitor = await demo.visitor({ colorScheme });
    const page = await open(visitor);
    expect(await violationsOf(page)).toEqual([]);
  },
  40_000,
);

test('plays a recording to people who are not signed in, and says so', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/');
  await page.getByText('Watch a session live').scrollIntoViewIfNeeded();
  await page.getByText('A recording of a real session').waitFor();
  await page.getByRole('figure').getByText('Tab 2', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: 'Open the session inspector' }).click();
  await page.getByRole('button', { name: 'Start as a guest' }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('moves in steps of half a second with reduced motion', async () => {
  await using visitor = await demo.visitor({ reducedMotion: 'reduce' });
  await visitor.context.clock.install();
  const page = await open(visitor);
  // A minute ahead, because the clock runs on until it is paused.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000));
  const counting = page.evaluate(countPictures, 5_000);
  await page.clock.runFor(6_000);
  expect(await counting).toBeGreaterThan(7);
  expect(await counting).toBeLessThan(13);
}, 40_000);

/** Counts the changes of the picture within so many milliseconds of the page's clock. */
async function countPictures(ms: number): Promise<number> {
  const canvas = document.querySelector('canvas');
  let count = 0;
  let last = '';
  for (const end = performance.now() + ms; performance.now() < end; ) {
    await new Promise(requestAnimationFrame);
    const picture = canvas?.toDataURL() ?? '';
    if (picture !== last) count++;
    last = picture;
  }
  return count;
}
