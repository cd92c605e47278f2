import { expect, test } from 'vitest';
import { REFUSAL, refuse } from './refuse.js';
import { setUpDemo } from './setUpDemo.js';
import { PASSWORD } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

const WAYS = [
  ['/nowhere', 'To the start', 'Sign-in that never gets in the way.'],
  ['/', 'Create an account', 'Create your account'],
  ['/register', 'Sign in', 'Welcome back'],
  ['/sign-in', 'Create an account', 'Create your account'],
  ['/sign-in', 'Forgot your password?', 'Forgot your password?'],
  ['/forgot-password', 'Back to sign-in', 'Welcome back'],
  ['/reset-password?token=x', 'Ask for another link', 'Forgot your password?'],
  ['/', 'HTTP interface', undefined],
  ['/', 'Development mailbox', 'Development mailbox'],
] as const;

test('leads from page to page, and past the head of each', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/');
  for (const [path, link, heading] of WAYS) {
    await page.goto(path);
    await page.getByRole('main').getByRole('link', { name: link, exact: true }).click();
    if (heading) await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    else await page.waitForURL('**/docs');
  }
  await page.goto('/nowhere');
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to content' }).press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('identifier');
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('says why a trial or a guest’s session did not begin, and begins one when asked again', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/');
  const trial = page.getByRole('button', { name: 'Try it with one click' });
  const allow = await refuse(page, 'auth.register');
  await trial.click();
  await page.getByRole('alert').getByText(REFUSAL).waitFor();
  await page.goto('/inspector');
  const guest = page.getByRole('button', { name: 'Begin as a guest' });
  await guest.click();
  await page.getByText(REFUSAL).waitFor();
  await allow();
  await guest.click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Notes' }).click();
  await page.getByText('No notes yet').waitFor();
}, 60_000);

test('keeps the session of who asks to be remembered when the browser is closed, and no other', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const expiry = async () => {
    const cookies = await visitor.context.cookies();
    return cookies.find(({ name }) => name.endsWith('latchkey-refresh'))?.expires;
  };
  expect(await expiry()).toBe(-1);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await page.goto('/inspector');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Username or e-mail').fill(visitor.username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Remember me').check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/inspector');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await expiry()).toBeGreaterThan(Date.now() / 1_000 + 86_400);
}, 60_000);

test('tries again when asked to: a page that was not loaded, a server that did not answer', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.route('**/assets/ActivityPage*', (route) => route.abort());
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('heading', { name: 'This page did not open' }).waitFor();
  await page.unroute('**/assets/ActivityPage*');
  await page.getByRole('button', { name: 'Load it again' }).click();
  await page.getByText('The account was created').waitFor();

  await page.route('**/trpc/**', (route) => route.abort());
  await page.reload();
  await page.getByText('The server does not answer').waitFor();
  await page.unroute('**/trpc/**');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('The account was created').waitFor();
  await page.getByText('The server does not answer').waitFor({ state: 'detached' });
}, 60_000);
