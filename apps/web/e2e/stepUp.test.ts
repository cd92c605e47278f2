import { expect, test } from 'vitest';
import { newestLink } from './mailbox.js';
import { setUpDemo } from './setUpDemo.js';
import { PASSWORD } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

test('signs in again with the typed password where the last sign-in is too long ago', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  const responses: string[] = [];
  page.on('response', (response) => {
    const procedure = new URL(response.url()).pathname.split('/auth.')[1];
    if (procedure && procedure !== 'refresh') responses.push(`${procedure} ${response.status()}`);
  });
  await demo.api.ageSignIn(visitor.username);
  await page.goto('/security');
  const address = `${visitor.username}-new@example.org`;
  const form = page.getByRole('region', { name: 'E-mail' });
  await form.getByLabel('New e-mail').fill(address);

  await form.getByLabel('Password', { exact: true }).fill('not the right one');
  await form.getByRole('button', { name: 'Change e-mail' }).click();
  await form.getByText('This is not your password.').waitFor();
  await expect.poll(() => responses).toEqual(['email.change 403', 'login 401']);
  expect(await form.getByLabel('New e-mail').inputValue()).toBe(address);

  responses.length = 0;
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Change e-mail' }).click();
  await page.getByText('Your address changes when you open it').waitFor();
  await expect.poll(() => responses).toEqual(['email.change 403', 'login 200', 'email.change 200']);
  expect(await newestLink(demo.api.url, address, /./)).toContain('/verify-email');

  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('This device').waitFor();
  const devices = page.getByRole('main').locator('ul > li', { hasText: 'Signed in' });
  await expect.poll(() => devices.count()).toBe(1);
}, 60_000);

test('deletes an account after a new sign-in with the one password that its dialog asks for', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await demo.api.ageSignIn(visitor.username);
  await page.goto('/security');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await dialog.getByText('This is not your password.').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  const deleted = page.waitForResponse((answer) => answer.url().includes('account.delete') && answer.ok());
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await deleted;
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
}, 60_000);
