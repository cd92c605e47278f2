import { AuthError } from '@latchkey/client';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { initTRPC } from '@trpc/server';
import { expect, test } from 'vitest';
import { createRetryRule, retryOutages } from '../src/retryOutages.js';

const t = initTRPC.create();
type TestRouter = typeof router;
const router = t.router({ anything: t.procedure.query(() => 'something') });

/** The error of a call that the given answer, or none, came back for. */
async function failWith(answer?: Response): Promise<unknown> {
  const client = createTRPCClient<TestRouter>({
    links: [
      httpLink({
        url: 'http://localhost/trpc',
        fetch: async () => {
          if (!answer) throw new TypeError('fetch failed');
          return answer;
        },
      }),
    ],
  });
  return client.anything.query().catch((error: unknown) => error);
}

function answered(httpStatus: number, data: object = {}) {
  return failWith(
    Response.json(
      { error: { code: -32000, message: 'no', data: { code: 'X', httpStatus, ...data } } },
      { status: httpStatus },
    ),
  );
}

function retriesOf(error: unknown): number {
  let failures = 0;
  while (retryOutages.retry(failures, error) && failures < 100) failures++;
  return failures;
}

test.each([400, 401, 403, 404, 409, 412, 422])(
  'does not try again what the server refused with %i',
  async (status) => {
    expect(retriesOf(await answered(status))).toBe(0);
  },
);

test.each([408, 429, 500, 502, 503, 504])(
  'tries again what the server was not able to answer: %i',
  async (status) => {
    expect(retriesOf(await answered(status))).toBe(8);
  },
);

test("tries again without an answer, and after a proxy's page", async () => {
  const page = new Response('<h1>502 Bad Gateway</h1>', { status: 502 });
  for (const error of [await failWith(), await failWith(page)]) {
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(retriesOf(error)).toBe(8);
  }
  expect(retriesOf(new AuthError('No answer', { cause: undefined }))).toBe(8);
});

test("retries an app's own errors as TanStack Query does", () => {
  expect(retriesOf(new TypeError('undefined is not a function'))).toBe(3);
  expect(retriesOf('thrown text')).toBe(3);
});

test('doubles the delay each time, up to 30 s, with jitter', () => {
  const delays = (random: number) =>
    Array.from({ length: 7 }, (_, failures) => createRetryRule(() => random).retryDelay(failures, undefined));
  expect(delays(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(delays(0)).toEqual(delays(1).map((delay) => delay / 2));
});

test('waits as long as the server, or a proxy before it, asks', async () => {
  const { retryDelay } = createRetryRule(() => 0);
  expect(retryDelay(0, await answered(503, { retryAfter: 7 }))).toBe(7_000);
  const cause = new AuthError('No answer', { retryAfter: 9 });
  expect(retryDelay(0, TRPCClientError.from(cause, { cause }))).toBe(9_000);
  expect(retryDelay(5, await answered(503, { retryAfter: 1 }))).toBe(15_000);
});

test('works in TanStack Query', async () => {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { ...retryOutages, retryDelay: 0 } },
  });
  const triesUntilGivenUp = async (error: unknown) => {
    let tries = 0;
    const queryFn = () => {
      tries++;
      return Promise.reject(error);
    };
    await queryClient.fetchQuery({ queryKey: [tries, error], queryFn }).catch(() => {});
    return tries;
  };
  expect(await triesUntilGivenUp(await answered(401))).toBe(1);
  expect(await triesUntilGivenUp(await answered(503))).toBe(9);
});
