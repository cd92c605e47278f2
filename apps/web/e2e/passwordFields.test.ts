import { expect, test } from 'vitest';
import { setUpDemo } from './setUpDemo.js';
import { PASSWORD } from './visitor.js';

const demo = setUpDemo();

test.each([
  ['/sign-in', 'current-password'],
  ['/register', 'new-password'],
])(
  'P10: the password of %s is hidden, pasted whole, and filled by managers as %s',
  async (path, autocomplete) => {
    await using visitor = await demo.visitor();
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await visitor.open(path);
    const field = page.locator('input[type="password"]');
    await field.waitFor();
    expect(await field.count()).toBe(1);
    expect(await field.getAttribute('autocomplete')).toBe(autocomplete);
    expect(await page.locator('input[autocomplete="username"]').count()).toBe(1);
    const long = `${PASSWORD} ${'😀 '.repeat(60)}`;
    await page.evaluate((text) => navigator.clipboard.writeText(text), long);
    await field.focus();
    await page.keyboard.press('ControlOrMeta+V');
    await expect.poll(() => field.inputValue()).toBe(long);
  },
);
