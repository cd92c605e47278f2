import { type AnyTRPCMiddlewareFunction, TRPCError } from '@trpc/server';
import { toTrpcError } from '../errors/errorShape.js';

type Result = Awaited<ReturnType<AnyTRPCMiddlewareFunction>>;

/**
 * Makes one middleware of the two that a guard's builder begins with: `.errors(…)` and the check.
 *
 * tRPC runs an error formatter as a middleware of every call, which costs as much as the check itself
 * although only a refusal gives it anything to do. Here it is asked about refusals and streams alone. The
 * builder keeps its type, and with it the shape of errors that clients infer.
 */
export function formattingOnlyErrors<T extends { _def: { middlewares: AnyTRPCMiddlewareFunction[] } }>(
  builder: T,
): T {
  const { middlewares } = builder._def;
  const [format, check, ...others] = middlewares;
  if (format === undefined || check === undefined || others.length > 0)
    throw new Error('Expected an error formatter and a check, and nothing else.');
  middlewares.splice(0, 2, async (call) => {
    let result: Result;
    try {
      result = await check(call);
    } catch (thrown) {
      const error = thrown instanceof TRPCError ? thrown : toTrpcError(asError(thrown));
      // tRPC makes results itself and marks them; the formatter looks at nothing but the error.
      await format({ ...call, next: async () => ({ ok: false, error }) as Result });
      throw error;
    }
    return result.ok && !isStream(result.data) ? result : format({ ...call, next: async () => result });
  });
  return builder;
}

const asError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Whether errors may still come out of a result: an async iterable or an observable. */
const isStream = (data: unknown) =>
  typeof data === 'object' && data !== null && (Symbol.asyncIterator in data || 'subscribe' in data);
