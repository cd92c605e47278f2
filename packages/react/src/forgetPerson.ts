/** A mutation that is under way or waits for its next try. */
export interface PendingMutation {
  readonly options: object;
  setOptions(options: never): void;
}

/** What is asked of a cache of queries; TanStack Query's `QueryClient` does it. */
export interface QueryCacheOwner {
  cancelQueries(): Promise<unknown>;
  clear(): void;
  getMutationCache(): { getAll(): readonly PendingMutation[] };
}

function tooLate() {
  return Promise.reject(new Error('The person who asked for this has left'));
}

/** No callback can put the leaver's data back, such as the undoing of an optimistic update; no further try goes out. */
const FORGOTTEN = {
  mutationFn: tooLate,
  onSuccess: undefined,
  onError: undefined,
  onSettled: undefined,
};

/**
 * Empties a cache of all that one person's queries and mutations brought, or might still bring, before another
 * person is shown anything.
 */
export function forgetPerson(client: QueryCacheOwner): void {
  for (const mutation of client.getMutationCache().getAll()) {
    mutation.setOptions({ ...mutation.options, ...FORGOTTEN } as never); // each mutation has types of its own
  }
  client.cancelQueries().catch(() => {}); // their outcome is nobody's any more
  client.clear();
}
