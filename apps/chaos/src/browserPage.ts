import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession, type Session } from '@latchkey/client';
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import type { CookieJar } from './cookieJar.js';
import { timersOf } from './pageTimers.js';
import type { Random } from './random.js';

/** A page of the app in one browser, with a session and a tRPC client of its own. */
export interface BrowserPage {
  readonly session: Session;
  readonly trpc: TRPCClient<AppRouter>;
  /** Ends the page as a crash would: answers that are still to come are never seen, nor are their cookies kept. */
  crash(): void;
}

/** What a page needs of its browser. */
export interface BrowserPageOptions {
  readonly url: string;
  readonly jar: CookieJar;
  /** The address that the proxy passes on. */
  readonly ip: string;
  readonly random: Random;
  readonly waitWhenUnreachable: boolean;
  /** Whether somebody looks at the page; else its timers are throttled. */
  readonly isInView: () => boolean;
}

/** The init that both fetch and tRPC's links use. */
interface PageInit extends Omit<RequestInit, 'signal'> {
  readonly signal?: AbortSignal | null | undefined;
}

/** Opens a page: the real client with nothing of its own replaced but fetch, which keeps cookies as a browser does. */
export function openBrowserPage(options: BrowserPageOptions): BrowserPage {
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
    crash() {
      isOpen = false;
      session.close();
    },
  };
}
