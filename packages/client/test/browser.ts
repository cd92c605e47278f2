import { createSession, type Locks, type Session, type SessionOptions } from '../src/index.js';
import type { TestClock } from '../src/testing/index.js';

/** Locks between the tabs of one test browser, with the one answer the session asks for: taken or not. */
function createLocks(): Locks {
  const taken = new Set<string>();
  return {
    request: async (name, _options, callback) => {
      if (taken.has(name)) return callback(null);
      taken.add(name);
      try {
        return await callback({ name });
      } finally {
        taken.delete(name);
      }
    },
  };
}

/** The fetch that tRPC's links ask for. */
export type LinkFetch = (input: string | URL | Request, init?: object) => Promise<Response>;

/** Where the server is, and how a tab makes its tRPC client. */
export interface BrowserOptions<TClient> {
  readonly url: string;
  /** What carries the requests, cookies and all. Default `globalThis.fetch`. */
  readonly network?: typeof fetch;
  /** What the session of every tab is made with. */
  readonly tab?: Partial<SessionOptions>;
  connect(session: Session, fetch: LinkFetch): TClient;
}

let browsers = 0;

/** A browser: tabs that share one cookie jar, one channel and, if wanted, locks. */
export function createBrowser<TClient>(
  { url, network = fetch, tab, connect }: BrowserOptions<TClient>,
  clock: Pick<TestClock, 'now' | 'timers'>,
  { withLocks = false } = {},
) {
  const jar = new Map<string, string>();
  const sessions: Session[] = [];
  const locks = withLocks ? createLocks() : false;
  const channel = `browser-${++browsers}`;

  const send: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie) headers.set('cookie', cookie);
    const response = await network(input, { ...init, headers });
    if (init?.signal?.aborted) throw init.signal.reason;
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  };

  const openTab = (options: Partial<SessionOptions> = {}) => {
    const session = createSession({
      url,
      fetch: send,
      clock: clock.now,
      timers: clock.timers,
      random: () => 0.5,
      channel,
      locks,
      ...tab,
      ...options,
    });
    sessions.push(session);
    const trpc = connect(session, (input, init) => send(input, { ...init }));
    const statuses: string[] = [];
    session.subscribe(() => statuses.push(session.getSnapshot().status));
    return { session, trpc, statuses };
  };

  return {
    jar,
    /** The name of the tabs' channel. */
    channel,
    send,
    openTab,
    /** Opens a tab in which a person signs in. */
    signIn: async (identifier = 'ada', options?: Partial<SessionOptions>) => {
      const tab = openTab(options);
      await tab.session.login({ identifier, password: 'right' });
      return tab;
    },
    [Symbol.dispose]: () => {
      for (const session of sessions) session.close();
    },
  };
}
