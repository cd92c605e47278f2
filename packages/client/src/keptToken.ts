import type { TokenStore } from './tokenStore.js';

/** A refresh token, and the place in its chain that tells which of two is newer. */
export interface KeptToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly refreshToken: string;
}

/** The token in a store; text that is none stands for nobody, as an empty store does. */
export const loadToken = async (store: TokenStore): Promise<KeptToken | undefined> => {
  const text = await store.get();
  try {
    const kept: Partial<KeptToken> | null = JSON.parse(text ?? 'null');
    return kept?.refreshToken ? (kept as KeptToken) : undefined;
  } catch {
    return undefined;
  }
};

/** Puts `next` in the place of what is kept, if `mayReplace` that. */
export const replaceToken = async (
  store: TokenStore,
  next: KeptToken | undefined,
  mayReplace: (kept: KeptToken | undefined) => boolean,
): Promise<void> => {
  const replace = async () => {
    if (mayReplace(await loadToken(store))) await store.set(next && JSON.stringify(next));
  };
  await (store.exclusively ? store.exclusively(replace) : replace());
};
