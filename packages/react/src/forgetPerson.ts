/** A mutation that is under way or waits for its next try. */
export interface PendingMutation {
  readonly options: object;
  setOptions(options: never): void;
}

/** The part of TanStack Query's `QueryClient` that is needed to empty it. */
export interface QueryCacheOwner {
  cancelQueries(): Promise<unknown>;
  clear(): void;
  getMutationCache(): { getAll(): readonly PendingMutation[] };
}

function tooLate() {
  return Promise.reject(new Error('The person who started this mutation has signed out'));
}

/** Without callbacks, none puts that person's data back, such as by undoing an optimistic update; no retry goes out. */
const FORGOTTEN = {
  mutationFn: tooLate,
  onSuccess: undefined,
  onError: undefined,
  onSettled: undefined,
};

/**
 * Empties a cache of everything that one person's queries and mutations brought, or might still bring, before another
 * person is shown anything.
 */
export function forgetPerson(client: QueryCacheOwner): void {
  for (const mutation of client.getMutationCache().getAll()) {
    mutation.setOptions({ ...mutation.options, ...FORGOTTEN } as never); // Each mutation has its own types.
  }
  client.cancelQueries().catch(() => {}); // Nobody needs their outcome.
  client.clear();
}
