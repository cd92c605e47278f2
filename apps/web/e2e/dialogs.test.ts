import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { REFUSAL, refuse } from './refuse.js';
import { setUpDemo } from './setUpDemo.js';
import { addNote, PASSWORD, signIn } from './visitor.js';

const demo = setUpDemo({ ACCESS_TOKEN_EXPIRY: '15m' });

function press(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true }).click();
}

/** Waits for a passing message, and closes it. */
async function dismiss(page: Page, ...texts: readonly string[]) {
  const message = page.getByRole('region', { name: /notifications/i });
  for (const text of texts) await message.getByText(text).first().waitFor();
  // Hidden from screen readers, which read the message aloud, until the region has the focus.
  await message.getByLabel('Dismiss').click();
  await message.getByText(texts[0] ?? '').waitFor({ state: 'detached' });
}

test('deletes an account only once the person confirms', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await page.goto('/security');
  const trigger = page.getByRole('button', { name: 'Delete my account' });
  const dialog = page.getByRole('dialog');
  for (const close of [() => press(page, 'Keep my account'), () => page.keyboard.press('Escape')]) {
    await trigger.click();
    const password = dialog.getByLabel('Password', { exact: true });
    expect(await password.inputValue()).toBe('');
    await password.fill(PASSWORD);
    await close();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => trigger.evaluate((button) => button === document.activeElement)).toBe(true);
  }
  await trigger.click();
  await press(page, 'Delete account');
  await dialog.locator('[aria-invalid="true"]').waitFor();
  await refuse(page, 'auth.account.delete');
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await press(page, 'Delete account');
  await dialog.getByRole('alert').getByText(REFUSAL).waitFor();
  await press(page, 'Keep my account');
  await page.reload();
  await page.getByRole('heading', { name: 'Security', level: 1 }).waitFor();
}, 60_000);

test('ends no session without a confirmation, and shows why one was not ended or listed', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await using second = await demo.visitor();
  const other = await signIn(second, visitor.username);
  const allow = await refuse(page, 'auth.sessions.list');
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByRole('alert').getByText(REFUSAL).waitFor();
  await allow();
  await press(page, 'Try again');
  const items = page.getByRole('main').locator('ul > li', { hasText: 'Signed in' });
  await expect.poll(() => items.count()).toBe(2);

  const dialog = page.getByRole('alertdialog');
  await press(page, 'End all others');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await refuse(page, 'auth.sessions.revokeOthers');
  await press(page, 'End all others');
  await dialog.getByRole('button', { name: 'End all others' }).click();
  await dismiss(page, 'The other sessions were not ended', REFUSAL);
  await refuse(page, 'auth.sessions.revoke');
  await page.getByRole('button', { name: /^End the session of/ }).click();
  await dismiss(page, 'The session was not ended', REFUSAL);
  expect(await items.count()).toBe(2);
  await other.reload();
  await other.getByRole('button', { name: 'Sign out' }).waitFor();
}, 60_000);

test('changes a note by its buttons, and undoes what the server refuses', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await addNote(page, 'first');
  const editor = page.getByLabel('Text of the note');
  const edit = async (from: string, to: string) => {
    await press(page, `Edit “${from}”`);
    await editor.fill(to);
  };
  await edit('first', 'never');
  await press(page, 'Cancel');
  await edit('first', 'never');
  await page.keyboard.press('Escape');
  await edit('first', 'second');
  await press(page, 'Save');
  await page.getByRole('button', { name: 'Edit “second”' }).waitFor();

  await refuse(page, 'notes.update');
  await edit('second', 'third');
  await press(page, 'Save');
  await dismiss(page, 'The change was not saved', REFUSAL);
  await refuse(page, 'notes.delete');
  await press(page, 'Delete “second”');
  await dismiss(page, 'The note was not deleted', REFUSAL);
  await refuse(page, 'notes.create');
  await page.getByLabel('Note', { exact: true }).fill('fourth');
  await press(page, 'Add note');
  await dismiss(page, '“fourth” was not saved', REFUSAL);
  expect(await page.getByRole('listitem').locator('p').allTextContents()).toEqual(['second']);
}, 60_000);

test('keeps other sessions when a password is changed, if the person chooses so', async () => {
  await using visitor = await demo.visitor();
  const page = await visitor.register();
  await using second = await demo.visitor();
  const other = await signIn(second, visitor.username);
  await page.goto('/security');
  const allow = await refuse(page, 'auth.email.requestVerification');
  await press(page, 'Send a link');
  await dismiss(page, 'No link was sent', REFUSAL);
  await allow();
  await press(page, 'Send a link');
  const opening = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open the development mailbox' }).click();
  const mailbox = await opening;
  // Mails are sent after the response.
  const mails = async () => {
    await mailbox.reload();
    return mailbox.getByText(`${visitor.username}@example.org`).count();
  };
  await expect.poll(mails).toBeGreaterThan(0);
  // In the background, a page would not finish the animations of its messages.
  await page.bringToFront();

  const form = page.getByRole('region', { name: 'Password' });
  await form.getByLabel('Current password').fill(PASSWORD);
  await form.getByLabel('New password', { exact: true }).fill('another set of unlikely words');
  await form.getByLabel('End my other sessions').uncheck();
  await press(page, 'Change password');
  await dismiss(page, 'Your password was changed');
  await other.reload();
  await other.getByRole('button', { name: 'Sign out' }).waitFor();
}, 60_000);

test('shows lists page by page, and lets no administrator disable themselves', async () => {
  await using admin = await demo.visitor();
  await (await admin.register()).close();
  await demo.api.makeAdmin(admin.username);
  const page = await signIn(admin, admin.username);
  await page.route(/\/trpc\/(auth\.activity|admin\.users)\.list/, (route) => {
    const url = new URL(route.request().url());
    const inputs = JSON.parse(url.searchParams.get('input') ?? '{}');
    inputs[0].limit = 1;
    url.searchParams.set('input', JSON.stringify(inputs));
    return route.continue({ url: url.href });
  });
  await page.getByRole('link', { name: 'Users' }).click();
  const actions = page.getByRole('button', { name: /^Actions for/ });
  await expect.poll(() => actions.count()).toBe(1);
  await press(page, 'Show more');
  await expect.poll(() => actions.count()).toBe(2);
  await page.getByLabel('Search').fill(admin.username);
  await expect.poll(() => actions.count()).toBe(1);
  await actions.click();
  expect(await page.getByRole('menuitem').allTextContents()).toEqual(['End all sessions']);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await refuse(page, 'admin.users.revokeSessions');
  await actions.click();
  await page.getByRole('menuitem', { name: 'End all sessions' }).click();
  await dismiss(page, 'Nothing was changed', REFUSAL);

  await page.getByRole('link', { name: 'Activity' }).click();
  const happenings = page.getByRole('main').locator('ol > li');
  await expect.poll(() => happenings.count()).toBe(1);
  await press(page, 'Show earlier');
  await expect.poll(() => happenings.count()).toBe(2);
}, 60_000);
