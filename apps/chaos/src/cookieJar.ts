/** A browser's cookies of one site. */
export interface CookieJar {
  /** As the Cookie header; undefined when empty. */
  header(): string | undefined;
  /** Takes in the Set-Cookie lines of an answer. */
  store(lines: readonly string[]): void;
  /** The generation of the refresh token it holds; -1 without one. */
  generation(): number;
  copy(): CookieJar;
}

/** Creates a {@link CookieJar}. */
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
