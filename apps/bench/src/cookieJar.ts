import type { LoadResponse } from './load.js';

/** The cookies of one caller for one server. */
export interface CookieJar {
  /** The value of the `Cookie` header. */
  header(): string;
  /** Keeps the cookies that a response sets. */
  keep(response: Pick<LoadResponse, 'headers'>): void;
}

/** Keeps names and values only: there is one server and one path, and no cookie expires during a run. */
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
