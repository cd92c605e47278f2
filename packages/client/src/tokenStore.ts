/** Where a refresh token is kept outside a browser, as one line of text. */
export interface TokenStore {
  /** What was kept last; undefined or null if nothing is. */
  get(): MaybePromise<string | null | undefined>;
  /** Keeps the text, or nothing. Resolves once it would survive a crash; what was kept before is whole until then. */
  set(text: string | undefined): MaybePromise<void>;
  /**
   * Runs `work` while nobody else does so, for stores that several processes share; `set` is called only within.
   * Without it, the store is one process's own.
   */
  exclusively?(work: () => Promise<void>): Promise<void>;
}

type MaybePromise<T> = T | Promise<T>;

/** Keeps the refresh token for as long as the process lives: for tests and short scripts. */
export const memoryTokenStore = (): TokenStore => {
  let kept: string | undefined;
  return {
    get: () => kept,
    set: (text) => {
      kept = text;
    },
  };
};
