/** The cookies of one site in a browser. */
export interface CookieJar {
  /** The Cookie header. Undefined if there are no cookies. */
  header(): string | undefined;
  /** Stores the Set-Cookie lines of an answer. */
  store(lines: readonly string[]): void;
  /** The generation of the refresh token; -1 without one. */
  generation(): number;
  copy(): CookieJar;
}

export function createCookieJar(cookies: ReadonlyMap<string, string> = new Map()): CookieJar {
  const jar = new Map(cookies);
  return {
    header: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ') || undefined,
    store(lines) {
      for (const line of lines) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
    },
    generation() {
      const token = [...jar].find(([name]) => name.endsWith('latchkey-refresh'))?.[1];
      return Number(token?.split('.')[1] ?? -1);
    },
    copy: () => createCookieJar(jar),
  };
}
