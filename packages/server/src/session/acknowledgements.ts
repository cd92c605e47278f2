import { LRUCache } from 'lru-cache';
import type { SessionStore } from './sessionStore.js';

/** Notes in the background which generations clients have been seen to use. */
export interface Acknowledgements {
  /** Tells that an access token of this generation is in use; costs a write only the first time. */
  seen(token: { sid: string; gen: number; iat: number }): void;
  /** Resolves when the writes under way have ended. */
  settled(): Promise<void>;
}

/**
 * Creates the acknowledgements of one node.
 *
 * A failed write is forgotten, so that the next use of the token tries it again.
 */
export function createAcknowledgements(
  store: Pick<SessionStore, 'acknowledge'>,
  options: { onError: (error: unknown) => void; maxSessions?: number },
): Acknowledgements {
  const highest = new LRUCache<string, number>({ max: options.maxSessions ?? 100_000 });
  const underWay = new Set<Promise<void>>();
  return {
    seen({ sid: sessionId, gen: generation, iat: issuedAt }) {
      // Generation 0 is acknowledged from the start: nobody can present what came before it.
      if (generation === 0 || (highest.get(sessionId) ?? 0) >= generation) return;
      highest.set(sessionId, generation);
      const write = store
        .acknowledge({ sessionId, generation, issuedAt })
        .catch((error: unknown) => {
          if (highest.get(sessionId) === generation) highest.delete(sessionId);
          options.onError(error);
        })
        .finally(() => underWay.delete(write));
      underWay.add(write);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
