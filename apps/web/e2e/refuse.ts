import type { Page } from 'playwright-core';

/** The message of a refused call. */
export const REFUSAL = 'Not today.';

/** Refuses the calls of one procedure; resolves to a function that allows them again. */
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
