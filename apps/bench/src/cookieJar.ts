import type { LoadResponse } from './load.js';

/** The cookies that one caller holds for one server. */
export interface CookieJar {
  /** The value of the `Cookie` header. */
  header(): string;
  /** Keeps what an answer sets. */
  keep(response: Pick<LoadResponse, 'headers'>): void;
}

/** A jar that knows names and values alone: one server, one path, nothing expires during a run. */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>();
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    keep({ headers }) {
      for (const line of headers['set-cookie'] ?? []) {
        const [pair = ''] = line.split(';', 1);
        const [name = ''] = pair.split('=', 1);
        cookies.set(name, pair.slice(name.length + 1));
      }
    },
  };
}
