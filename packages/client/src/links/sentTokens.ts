import type { LinkRequest } from '../session/types.js';

/** Remembers which token each request went out with. */
export function createSentTokens(currentToken: () => string | undefined) {
  const sent = new WeakMap<object, string | undefined>();
  return {
    /** The header for a request that goes out now; none without a token. */
    authorization: ({ op, opList = op ? [op] : [] }: LinkRequest = {}): Record<string, string> => {
      const token = currentToken();
      for (const { context } of opList) sent.set(context, token);
      return token ? { authorization: `Bearer ${token}` } : {};
    },
    /** Whether the request with this context went out with the current token. */
    isCurrent: (context: object) => currentToken() === sent.get(context),
  };
}
