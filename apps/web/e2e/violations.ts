import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds to be in the way of people who use the page by keyboard, screen reader or with weak sight. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's content rules do not bind.
  await page.evaluate(axe.source);
  // Colours on their way from one theme to the other are nobody's fault.
  await page.evaluate(() => {
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    return Promise.allSettled(passing.map(({ finished }) => finished)).then(() => {});
  });
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, 'axe').run();
    return violations.flatMap(
      ({ id, nodes }: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}
