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
  const latest = new LRUCache<string, SeenToken>({ max: options.maxSessions ?? 100_000 });
  const underWay = new Set<Promise<void>>();
  return {
    seen({ sid: sessionId, gen: generation, iat: issuedAt }) {
      const token = { generation, issuedAt };
      // Generation 0 is acknowledged from the start: nobody can present what came before it.
      if (generation === 0 || isCovered(token, latest.get(sessionId))) return;
      latest.set(sessionId, token);
      const write = store
        .acknowledge({ sessionId, ...token })
        .catch((error: unknown) => {
          if (latest.get(sessionId) === token) latest.delete(sessionId);
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

interface SeenToken {
  readonly generation: number;
  readonly issuedAt: number;
}

/** A later token of the same generation says more: that one may have been begun anew after a rollback. */
function isCovered(token: SeenToken, seen: SeenToken | undefined) {
  return (
    seen !== undefined &&
    (token.generation < seen.generation ||
      (token.generation === seen.generation && token.issuedAt <= seen.issuedAt))
  );
}
