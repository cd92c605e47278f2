import type { AppRouter } from '@latchkey/api/router';
import { type OperationLink, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';

/** A link that loads its script with the first operation. */
export function lazyLink(load: () => Promise<TRPCLink<AppRouter>>): TRPCLink<AppRouter> {
  return (runtime) => {
    let loading: Promise<OperationLink<AppRouter>> | undefined;
    return (operation) =>
      observable((observer) => {
        const unsubscribed = new AbortController();
        loading ??= load().then((link) => link(runtime));
        loading.then(
          (link) => {
            if (unsubscribed.signal.aborted) return;
            const subscription = link(operation).subscribe(observer);
            unsubscribed.signal.addEventListener('abort', () => subscription.unsubscribe());
          },
          (cause: unknown) => {
            loading = undefined;
            observer.error(TRPCClientError.from(cause instanceof Error ? cause : new Error(String(cause))));
          },
        );
        return () => unsubscribed.abort();
      });
  };
}
