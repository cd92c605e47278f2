import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The accessibility rules that axe finds broken on the page. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated by the debugger, to which the page's content policy does not apply.
  await page.evaluate(axe.source);
  // Colours in a transition between themes are not a fault.
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
