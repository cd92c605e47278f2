import { expect, test } from 'vitest';
import { REFUSAL, refuse } from './refuse.js';
import { setUpDemo } from './setUpDemo.js';
import { PASSWORD } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

const WAYS = [
  ['/nowhere', 'Go to the start page', 'Sign-in that never gets in the way.'],
  ['/', 'Create an account', 'Create your account'],
  ['/register', 'Sign in', 'Welcome back'],
  ['/sign-in', 'Create an account', 'Create your account'],
  ['/sign-in', 'Forgot your password?', 'Forgot your password?'],
  ['/forgot-password', 'Back to sign-in', 'Welcome back'],
  ['/reset-password?token=x', 'Request another link', 'Forgot your password?'],
  ['/', 'HTTP interface', undefined],
  ['/', 'Development mailbox', 'Development mailbox'],
] as const;

test('links the pages to each other, and skips to their content', async () => {
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
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'));
  await expect.poll(focused).toBe('identifier');
  expect(visitor.problems).toEqual([]);
}, 40_000);

test('shows why a trial or a guest’s session did not start, and starts one on the next try', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.open('/');
  const trial = page.getByRole('button', { name: 'Try it with one click' });
  const allow = await refuse(page, 'auth.register');
  await trial.click();
  await page.getByRole('alert').getByText(REFUSAL).waitFor();
  await page.goto('/inspector');
  const guest = page.getByRole('button', { name: 'Start as a guest' });
  await guest.click();
  await page.getByText(REFUSAL).waitFor();
  await allow();
  await guest.click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Notes' }).click();
  await page.getByText('No notes yet').waitFor();
}, 60_000);

test('keeps a session beyond the closing of the browser only with “Remember me”', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const expiry = async () => {
    const cookies = await visitor.context.cookies();
    return cookies.find(({ name }) => name.endsWith('latchkey-refresh'))?.expires;
  };
  await expect.poll(expiry).toBe(-1);
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
  await expect.poll(expiry).toBeGreaterThan(Date.now() / 1_000 + 86_400);
}, 60_000);

test('offers another try for a page that did not load and a server that did not respond', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.route('**/assets/ActivityPage*', (route) => route.abort());
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
  await page.unroute('**/assets/ActivityPage*');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByText('Account created').waitFor();

  await page.route('**/trpc/**', (route) => route.abort());
  await page.reload();
  await page.getByText('The server does not respond').waitFor();
  await page.unroute('**/trpc/**');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('Account created').waitFor();
  await page.getByText('The server does not respond').waitFor({ state: 'detached' });
}, 60_000);
