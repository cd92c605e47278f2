import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { CookieJar } from './cookieJar.js';
import { timersOf } from './pageTimers.js';
import type { Random } from './random.js';

export type BrowserPage = ReturnType<typeof openBrowserPage>;

export interface BrowserPageOptions {
  readonly url: string;
  readonly jar: CookieJar;
  /** The client address that the proxy passes on. */
  readonly ip: string;
  readonly random: Random;
  readonly waitWhenUnreachable: boolean;
  /** Whether the page is in view. Otherwise its timers are throttled. */
  readonly isInView: () => boolean;
}

/** The init of both fetch and tRPC's links. */
interface PageInit extends Omit<RequestInit, 'signal'> {
  readonly signal?: AbortSignal | null | undefined;
}

/** Opens a page of the app: the real client, with a fetch that keeps cookies as a browser does. */
export function openBrowserPage(options: BrowserPageOptions) {
  const { url, jar, ip, random, waitWhenUnreachable, isInView } = options;
  let isOpen = true;
  const send = async (input: string | URL | Request, init: PageInit = {}): Promise<Response> => {
    if (!isOpen) throw new Error('the page has crashed');
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', ip);
    const cookie = jar.header();
    if (cookie !== undefined) headers.set('cookie', cookie);
    const response = await fetch(input, { ...init, headers, signal: init.signal ?? null });
    if (!isOpen) throw new Error('the page has crashed');
    jar.store(response.headers.getSetCookie());
    return response;
  };
  const session = createSession({
    url,
    fetch: send,
    random: random.next,
    waitWhenUnreachable,
    timers: timersOf(isInView),
  });
  const trpc = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ url, headers: session.headers, fetch: send })],
  });
  return {
    session,
    trpc,
    /** Ends the page as a crash would: it receives no answer any more, and keeps no cookies of one. */
    crash() {
      isOpen = false;
      session.close();
    },
  };
}
