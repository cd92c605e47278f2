import { LRUCache } from 'lru-cache';
import type { SessionStore } from './sessionStore.js';

interface SeenToken {
  readonly generation: number;
  readonly issuedAt: number;
}

/** Records in the background which generations clients have used. */
export type Acknowledgements = ReturnType<typeof createAcknowledgements>;

export function createAcknowledgements(
  store: Pick<SessionStore, 'acknowledge'>,
  { onError, maxSessions = 100_000 }: { onError: (error: unknown) => void; maxSessions?: number },
) {
  const latest = new LRUCache<string, SeenToken>({ max: maxSessions });
  const underWay = new Set<Promise<void>>();
  return {
    /** Records that an access token is in use. Only the first use of a generation costs a write. */
    seen({
      sid: sessionId,
      gen: generation,
      iat: issuedAt,
    }: {
      sid: string;
      gen: number;
      iat: number;
    }): void {
      const token = { generation, issuedAt };
      // Generation 0 has no predecessor, so it needs no acknowledgement.
      if (generation === 0 || isCovered(token, latest.get(sessionId))) return;
      latest.set(sessionId, token);
      const write = store
        .acknowledge({ sessionId, ...token })
        .catch((error: unknown) => {
          // The next use of the token tries again.
          if (latest.get(sessionId) === token) latest.delete(sessionId);
          onError(error);
        })
        .finally(() => underWay.delete(write));
      underWay.add(write);
    },

    /** Resolves when the writes under way have ended. */
    async settled(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

/** A later token of the same generation is not covered: after a rollback the generation may have started again. */
function isCovered(token: SeenToken, seen: SeenToken | undefined): boolean {
  if (seen === undefined) return false;
  if (token.generation !== seen.generation) return token.generation < seen.generation;
  return token.issuedAt <= seen.issuedAt;
}
