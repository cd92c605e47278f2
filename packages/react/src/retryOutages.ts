/** After about two minutes of outage, a query shows its error. */
const MAX_RETRIES = 8;
/** TanStack Query's own number, for an error that is not about a call, such as one thrown by the app. */
const MAX_OTHER_RETRIES = 3;
const MAX_DELAY_MS = 30_000;

/** Whether to try a failed query again, and after how many milliseconds. */
export interface RetryRule {
  retry(failures: number, error: unknown): boolean;
  retryDelay(failures: number, error: unknown): number;
}

/** Creates the rule; `random`, from 0 up to 1, spreads the retries of many clients. */
export function createRetryRule(random: () => number): RetryRule {
  return {
    retry: (failures, error) => {
      if (!isCallError(error)) return failures < MAX_OTHER_RETRIES;
      return failures < MAX_RETRIES && isOutage(statusOf(error));
    },
    retryDelay: (failures, error) => {
      const asked = retryAfterOf(error) ?? retryAfterOf(error instanceof Error ? error.cause : undefined);
      const backoff = Math.min(1_000 * 2 ** failures, MAX_DELAY_MS);
      return Math.max((asked ?? 0) * 1_000, backoff * (0.5 + random() / 2));
    },
  };
}

/**
 * Tells TanStack Query when to try a query again: if the server gave no answer (no network, a timeout, a proxy's page) or
 * is not able to answer now (5xx, 429), but not if it refused the query. The delay is what the server asks for, else
 * 1 s, doubled each time up to 30 s.
 *
 * @example
 * new QueryClient({ defaultOptions: { queries: retryOutages } });
 */
export const retryOutages: RetryRule = createRetryRule(Math.random);

/** Whether a tRPC link or the session made it; by name, since an app may load tRPC twice. */
function isCallError(error: unknown): error is Error {
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
