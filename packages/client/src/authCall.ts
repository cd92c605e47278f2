import { AuthError } from './authError.js';
import type { SessionOptions, Timers } from './sessionTypes.js';
import type { AuthErrorData } from './wire.js';

/** Calls one `auth.*` mutation. @throws {AuthError} */
export type AuthCall = (
  name: string,
  options?: { input?: unknown; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<unknown>;

interface Answer {
  readonly result?: { readonly data: never };
  readonly error: never;
}

interface ErrorShape {
  readonly message: string;
  readonly data: AuthErrorData;
}

/**
 * Makes calls of `auth.*` that go out one by one, never batched and never through the app's links: they set the
 * cookie, and a refresh must not wait behind the calls that wait for it.
 */
export const createAuthCall = (
  { url, timeout = 20_000, transformer, fetch: send = globalThis.fetch }: SessionOptions,
  timers: Timers,
): AuthCall => {
  const decode = (value: never): unknown => (transformer ? transformer.deserialize(value) : value);

  return async (name, { input, headers, signal } = {}) => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = timers.setTimeout(abort, timeout);
    signal?.addEventListener('abort', abort);
    let retryAfter: number | undefined;
    try {
      const response = await send(`${url}/auth.${name}`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json', 'x-latchkey': '1', ...headers },
        body: input ? JSON.stringify(transformer ? transformer.serialize(input) : input) : null,
        signal: controller.signal,
      });
      retryAfter = Number(response.headers.get('retry-after')) || undefined;
      const { result, error }: Answer = await response.json();
      if (result) return decode(result.data);
      const { message, data } = decode(error) as ErrorShape;
      throw new AuthError(message, { data, retryAfter });
    } catch (cause) {
      // Also where a proxy's error page could not be read as JSON: that is no answer of the server's.
      throw cause instanceof AuthError
        ? cause
        : new AuthError('The server did not answer', { cause, retryAfter });
    } finally {
      timers.clearTimeout(timer);
    }
  };
};
