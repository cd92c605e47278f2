import type { TokenStore } from './types.js';

/**
 * Creates a store that keeps the refresh token for as long as the process lives: for tests and short scripts.
 *
 * @example
 * const session = createSession(withTokenStore({ url }, memoryTokenStore()));
 */
export function memoryTokenStore(): TokenStore {
  let kept: string | undefined;
  return {
    get: () => kept,
    set: (text) => {
      kept = text;
    },
  };
}
