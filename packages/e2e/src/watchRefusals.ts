import type { Request } from 'playwright-core';
import type { Profile } from './openProfile.js';

/**
 * Watches for refused calls. A call whose access token was good when it was sent, and ended on the way, does not count:
 * that happens on a busy machine, and the client sends such a call again.
 *
 * @returns a function that resolves to the addresses of the refused calls, and to the profile's other problems
 */
export function watchRefusals({ context, problems }: Pick<Profile, 'context' | 'problems'>) {
  const refused: string[] = [];
  let late = 0;
  const checks: Promise<void>[] = [];
  const check = async (request: Request) => {
    if (await wasTokenGood(request)) late++;
    else refused.push(request.url());
  };
  context.on('response', (response) => {
    if (response.url().includes('/trpc/') && response.status() >= 400) checks.push(check(response.request()));
  });
  return async () => {
    await Promise.all(checks);
    let excused = late;
    return { refused, problems: problems.filter((text) => !/\b401\b/.test(text) || excused-- <= 0) };
  };
}

async function wasTokenGood(request: Request): Promise<boolean> {
  const { authorization = '', cookie = '' } = await request.allHeaders();
  const [, payload] =
    /(?:Bearer |latchkey-access=)[\w-]+\.([\w-]+)\./.exec(`${authorization} ${cookie}`) ?? [];
  if (payload === undefined) return false;
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return request.timing().startTime < exp * 1_000;
}
