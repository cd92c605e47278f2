import type { LinkRequest } from './sessionTypes.js';

/** The access token in requests, and with which one each of them went out. */
export interface SentTokens {
  /** The header for a request that goes out now; none without a token. */
  authorization(request?: LinkRequest): Record<string, string>;
  /** Whether the request with this context went out with the token of this moment. */
  isCurrent(context: object): boolean;
}

/** Creates the memory of sent tokens; `token` is the one of the moment. */
export const createSentTokens = (token: () => string | undefined): SentTokens => {
  const sent = new WeakMap<object, string | undefined>();
  return {
    authorization: ({ op, opList = op ? [op] : [] } = {}) => {
      const value = token();
      for (const { context } of opList) sent.set(context, value);
      return value ? { authorization: `Bearer ${value}` } : {};
    },
    isCurrent: (context) => token() === sent.get(context),
  };
};
