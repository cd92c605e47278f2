import type { Page } from 'playwright-core';

/** What a refused call is told. */
export const REFUSAL = 'Not today.';

/** Has calls of one procedure refused, as by a server that will not do it; resolves to how to let them through again. */
export async function refuse(page: Page, procedure: string): Promise<() => Promise<void>> {
  const address = new RegExp(`/trpc/${procedure.replaceAll('.', '\\.')}(\\?|$)`);
  const data = { code: 'FORBIDDEN', httpStatus: 403, path: procedure };
  const answer = { error: { message: REFUSAL, code: -32003, data } };
  await page.route(address, (route) => {
    const isBatch = new URL(route.request().url()).searchParams.has('batch');
    return route.fulfill({ status: 403, json: isBatch ? [answer] : answer });
  });
  return () => page.unroute(address);
}
