/** Where a refresh token is kept outside a browser, as one line of text. */
export interface TokenStore {
  /** The text that was kept last; undefined or null if there is none. */
  get(): MaybePromise<string | null | undefined>;
  /** Keeps the text, or nothing. Resolves once it would survive a crash; until then the earlier text is intact. */
  set(text: string | undefined): MaybePromise<void>;
  /**
   * Runs `work` while no other process does, for stores that several processes share; `set` is called only within.
   * A store without it belongs to one process.
   */
  exclusively?(work: () => Promise<void>): Promise<void>;
}

type MaybePromise<T> = T | Promise<T>;
