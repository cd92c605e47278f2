import type { TokenStore } from './types.js';

/** A refresh token, and its place in the chain, which tells the newer of two. */
export interface KeptToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly refreshToken: string;
}

/** The token in a store; undefined if the store is empty or its text is not a token. */
export async function loadToken(store: TokenStore): Promise<KeptToken | undefined> {
  const text = await store.get();
  try {
    const kept: Partial<KeptToken> | null = JSON.parse(text ?? 'null');
    return kept?.refreshToken ? (kept as KeptToken) : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the token in a store by `next`, if `mayReplace` says so. */
export async function replaceToken(
  store: TokenStore,
  next: KeptToken | undefined,
  mayReplace: (kept: KeptToken | undefined) => boolean,
): Promise<void> {
  const replace = async () => {
    if (mayReplace(await loadToken(store))) await store.set(next && JSON.stringify(next));
  };
  await (store.exclusively ? store.exclusively(replace) : replace());
}
