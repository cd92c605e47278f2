/** How often a query is tried again: after about two minutes of outage it shows its error. */
const MOST_RETRIES = 8;
/** For an error that did not come from the server at all, such as one thrown by the app: as often as TanStack does. */
const MOST_RETRIES_OF_OTHERS = 3;
const LONGEST_DELAY_MS = 30_000;

/** What a failed query asks: whether to try again, and after how many milliseconds. */
export interface RetryRule {
  retry(failures: number, error: unknown): boolean;
  retryDelay(failures: number, error: unknown): number;
}

/**
 * Creates the rule; `random` is a number from 0 up to 1, so that not everybody comes back at the same moment.
 */
export function createRetryRule(random: () => number): RetryRule {
  return {
    retry: (failures, error) => {
      if (!isOfACall(error)) return failures < MOST_RETRIES_OF_OTHERS;
      return failures < MOST_RETRIES && isOutage(statusOf(error));
    },
    retryDelay: (failures, error) => {
      const asked = retryAfterOf(error) ?? retryAfterOf(error instanceof Error ? error.cause : undefined);
      const backoff = Math.min(1_000 * 2 ** failures, LONGEST_DELAY_MS);
      return Math.max((asked ?? 0) * 1_000, backoff * (0.5 + random() / 2));
    },
  };
}

/**
 * When TanStack Query should try a query again: not if the server refused it, but if it gave no answer (no network, a
 * timeout, a proxy's page), or said that it cannot at the moment (5xx, 429). It waits as long as the server asks, else
 * 1 s and twice as long each time, up to 30 s.
 *
 * @example
 * new QueryClient({ defaultOptions: { queries: retryOutages } });
 */
export const retryOutages: RetryRule = createRetryRule(Math.random);

/** Whether a link of tRPC's or the session itself made it; by name, since an app may load tRPC twice. */
function isOfACall(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'TRPCClientError' || error.name === 'AuthError');
}

function isOutage(status: unknown): boolean {
  return typeof status !== 'number' || status >= 500 || status === 429 || status === 408;
}

function dataOf(error: unknown): object {
  return error instanceof Error && 'data' in error && typeof error.data === 'object'
    ? (error.data ?? {})
    : {};
}

function statusOf(error: Error): unknown {
  return Reflect.get(dataOf(error), 'httpStatus');
}

function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const asked = Reflect.get(dataOf(error), 'retryAfter') ?? Reflect.get(error, 'retryAfter');
  return typeof asked === 'number' ? asked : undefined;
}
