import { expect, test } from 'vitest';
import { newestLink } from './mailbox.js';
import { setUpDemo } from './setUpDemo.js';
import { violationsOf } from './violations.js';
import { addNote, PASSWORD, signIn } from './visitor.js';

const NEW_PASSWORD = 'another set of unlikely words';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

test('lists the devices of a person, and ends the session of one', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await using phone = await demo.visitor({
    userAgent: 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
  });
  const other = await signIn(phone, visitor.username);
  await page.getByRole('link', { name: 'Devices' }).click();
  const items = page.getByRole('main').locator('ul > li', { hasText: 'Signed in' });
  await expect.poll(() => items.count()).toBe(2);
  expect(await items.filter({ hasText: 'This device' }).count()).toBe(1);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'End the session of Firefox on Android' }).click();
  await page.getByText('The session was ended').waitFor();
  await expect.poll(() => items.count()).toBe(1);
  await other.getByRole('heading', { name: 'Welcome back' }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('ends all other sessions once the person confirms', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await using second = await demo.visitor();
  await signIn(second, visitor.username);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'End all others' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'End all others' }).click();
  await dialog.getByRole('button', { name: 'End all others' }).click();
  await page.getByText('One session ended.').waitFor();
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('changes a password and keeps the person signed in', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByRole('link', { name: 'Security' }).click();
  const form = page.getByRole('region', { name: 'Password' });
  await form.getByLabel('Current password').fill('not the right one');
  await form.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await form.getByRole('button', { name: 'Change password' }).click();
  await form.getByText('This is not your password.').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await form.getByLabel('Current password').fill(PASSWORD);
  await form.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password was changed').waitFor();
  await page.getByRole('link', { name: 'Notes' }).click();
  await addNote(page, 'still here');
  await using other = await demo.visitor();
  await signIn(other, visitor.username, NEW_PASSWORD);
}, 30_000);

test('verifies an e-mail address by the mailed link, and changes it by a second link', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.goto('/security');
  await page.getByText('Not verified').waitFor();
  await page.getByRole('button', { name: 'Send a link' }).click();
  await page.getByText('A link is on its way').waitFor();
  const mailed = await visitor.open(
    await newestLink(demo.api.url, `${visitor.username}@example.org`, /verify/i),
  );
  expect(await violationsOf(mailed)).toEqual([]);
  await mailed.getByRole('button', { name: 'Verify this address' }).click();
  await mailed.getByText('This address is verified').waitFor();
  await page.getByText('Verified', { exact: true }).waitFor();
  const address = `${visitor.username}-new@example.org`;
  const form = page.getByRole('region', { name: 'E-mail' });
  await form.getByLabel('New e-mail').fill(address);
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Change e-mail' }).click();
  await page.getByText('Your address changes when you open it').waitFor();
  await mailed.goto(await newestLink(demo.api.url, address, /./));
  await mailed.getByRole('button', { name: 'Verify this address' }).click();
  await mailed.getByText('This address is verified').waitFor();
  await page.getByText(address).waitFor();
  expect(visitor.problems).toEqual([]);
}, 30_000);

test('lets a person who forgot their password choose a new one, by a link that works once', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill(`${visitor.username}@example.org`);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText('a link is on its way').waitFor();
  const link = await newestLink(demo.api.url, `${visitor.username}@example.org`, /password/i);
  for (const outcome of ['Your password was changed', 'This link is not valid any more.']) {
    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText(outcome).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  }
  await using other = await demo.visitor();
  await signIn(other, visitor.username, NEW_PASSWORD);
}, 30_000);

test('deletes an account only with its password', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await dialog.getByText('This is not your password.').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.getByLabel('Username or e-mail').fill(visitor.username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The name or the password is wrong.').waitFor();
}, 30_000);

test('shows a person what happened to their account', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Username or e-mail').fill(visitor.username);
  await page.getByLabel('Password', { exact: true }).fill('not the right one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The name or the password is wrong.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Activity' }).click();
  const items = page.getByRole('main').locator('ol > li > p:first-of-type');
  await page.getByText('Account created').waitFor();
  await expect
    .poll(() => items.allTextContents())
    .toEqual([
      expect.stringContaining('Signed in'),
      'Sign-in attempt with a wrong password',
      'Signed out',
      'Account created',
    ]);
}, 30_000);

test('lets only administrators find, disable and enable an account', async () => {
  await using person = await demo.visitor();
  const theirs = await person.register();
  await theirs.goto('/admin');
  await theirs.getByText('For administrators only').waitFor();
  await using admin = await demo.visitor();
  await (await admin.register()).close();
  await demo.api.makeAdmin(admin.username);
  const page = await signIn(admin, admin.username);
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('Search').fill('no-such-name');
  await page.getByText('No users found').waitFor();
  await page.getByLabel('Search').fill(person.username);
  const choose = async (action: string) => {
    await page.getByRole('button', { name: `Actions for ${person.username}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await page.getByText(person.username, { exact: true }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await choose('End all sessions');
  await page.getByText('Sessions ended: 1').waitFor();
  await choose('Disable');
  await page.getByText('Disabled', { exact: true }).waitFor();
  await theirs.reload();
  await theirs.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await choose('Enable');
  await page.getByText('Disabled', { exact: true }).waitFor({ state: 'detached' });
}, 30_000);
