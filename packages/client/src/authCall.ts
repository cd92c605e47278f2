import { AuthError } from './authError.js';
import { toAuthError } from './refusals.js';
import type { SessionOptions } from './sessionTypes.js';
import type { Timers } from './timers.js';
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

const same = <T>(value: T): T => value;

/**
 * Makes calls of `auth.*` that go out one by one, never batched and never through the app's links: they set the
 * cookie, and a refresh must not wait behind the calls that wait for it.
 */
export const createAuthCall =
  (
    {
      url,
      timeout = 20_000,
      transformer = { serialize: same, deserialize: same },
      fetch: send = globalThis.fetch,
    }: SessionOptions,
    timers: Timers,
  ): AuthCall =>
  async (name, { input, headers, signal } = {}) => {
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
      // Also where a proxy's error page could not be read as JSON: that is no answer of the server's.
      throw toAuthError(cause, retryAfter);
    } finally {
      timers.clearTimeout(timer);
      // Takes the listener off a signal that outlives this call: in an outage many calls share one.
      abort();
    }
  };
