import type { Timers } from '../timers.js';
import { AuthError, toAuthError } from './authError.js';
import type { AuthErrorData } from './wire.js';

/** The part of `initTRPC`'s transformer that calls need. */
export interface Transformer {
  serialize(value: unknown): unknown;
  deserialize(value: never): unknown;
}

/** How the calls of `auth.*` reach the server. */
export interface AuthCallOptions {
  /** Where tRPC is served, as the links have it: `/trpc`. */
  readonly url: string;
  /**
   * Milliseconds after which a refresh or a sign-in counts as unanswered.
   *
   * @default 20_000
   */
  readonly timeout?: number;
  /**
   * The transformer of the host's `initTRPC`.
   *
   * @default none
   */
  readonly transformer?: Transformer;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/** Calls one `auth.*` mutation. @throws {AuthError} */
export type AuthCall = (
  name: string,
  options?: { input?: unknown; headers?: Readonly<Record<string, string>> | undefined; signal?: AbortSignal },
) => Promise<unknown>;

interface Answer {
  readonly result?: { readonly data: never };
  readonly error: never;
}

interface ErrorShape {
  readonly message: string;
  readonly data: AuthErrorData;
}

/** What a host without a transformer has. */
export const PLAIN: Transformer = { serialize: (value) => value, deserialize: (value) => value };

/**
 * Makes calls of `auth.*` that go out one by one, never batched and never through the app's links: they set the
 * cookie, and a refresh must not wait behind the calls that wait for it.
 */
export function createAuthCall(options: AuthCallOptions, timers: Timers): AuthCall {
  const { url, timeout = 20_000, transformer = PLAIN, fetch: send = globalThis.fetch } = options;
  return async (name, { input, headers, signal } = {}) => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = timers.setTimeout(abort, timeout);
    signal?.addEventListener('abort', abort, controller);
    let retryAfter: number | undefined;
    try {
      const response = await send(`${url}/auth.${name}`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json', 'x-latchkey': '1', ...headers },
        body: input ? JSON.stringify(transformer.serialize(input)) : null,
        signal: controller.signal,
      });
      retryAfter = Number(response.headers.get('retry-after')) || undefined;
      const { result, error }: Answer = await response.json();
      if (result) return transformer.deserialize(result.data);
      const shape = transformer.deserialize(error) as ErrorShape;
      throw new AuthError(shape.message, { ...shape, retryAfter });
    } catch (cause) {
      // Also reached when a proxy's error page is no JSON: the server has not answered then.
      throw toAuthError(cause, retryAfter);
    } finally {
      timers.clearTimeout(timer);
      // Takes the listener off a signal that outlives this call: in an outage many calls share one.
      abort();
    }
  };
}
