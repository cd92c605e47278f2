import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserPage, openBrowserPage } from './browserPage.js';
import { type CookieJar, createCookieJar } from './cookieJar.js';
import type { Ledger } from './ledger.js';
import type { Random } from './random.js';

/** How a session ended for a page that never asked for it. */
export interface SignedOut {
  readonly person: string;
  readonly status: string;
  readonly reason?: string | undefined;
}

/** Somebody who keeps notes in a browser with one or two tabs. */
export interface Person {
  readonly name: string;
  readonly jar: CookieJar;
  /** Opens the tabs and creates an account in the first one. */
  register(): Promise<void>;
  /** Writes, reads and reloads pages until the signal ends it. */
  useApp(until: AbortSignal): Promise<void>;
  /** Ends all pages at once, as a machine that falls asleep; nothing is sent until `wake`. */
  sleep(): void;
  wake(): void;
  /** Has the pages in view from now on, which then try again soon where they do not get through. */
  look(): void;
  /** Whether the first tab shows that the session is over. */
  isSignedOut(): boolean;
  /** Opens the app once more and makes a call; whether the person was still signed in. */
  returns(timeoutMs: number): Promise<boolean>;
}

/** What a person needs. */
export interface PersonOptions {
  readonly number: number;
  readonly url: string;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly onSignedOut: (event: SignedOut) => void;
}

/** Milliseconds between two things that a person does: least and most. */
const PAUSE = [2_000, 6_000] as const;
const RETRY_MS = 300;

/** A page that is loaded after the end of the session finds no cookie, and is anonymous. */
function isOver(status: string) {
  return status === 'ended' || status === 'anonymous';
}

/** Creates a {@link Person} without an account. */
export function createPerson(options: PersonOptions): Person {
  const { number, url, random, ledger, onSignedOut } = options;
  const name = `person${number}`;
  const jar = createCookieJar();
  const tabCount = number % 4 === 0 ? 2 : 1;
  let tabs: BrowserPage[] = [];
  let notes = 0;
  // Most pages are in the background, as everywhere; they renew when they are used.
  let isLooking = number % 8 === 0;
  let fallAsleep = () => {};
  let asleep = Promise.resolve();

  const open = () => {
    const page = openBrowserPage({
      url,
      jar,
      random,
      ip: `10.0.${Math.floor(number / 250)}.${(number % 250) + 1}`,
      // Both ways in which an app may meet an outage.
      waitWhenUnreachable: number % 2 === 0,
      isInView: () => isLooking,
    });
    page.session.subscribe(() => {
      const { status, reason } = page.session.getSnapshot();
      if (isOver(status)) onSignedOut({ person: name, status, reason: reason ?? undefined });
    });
    return page;
  };
  const wake = () => {
    tabs = Array.from({ length: tabCount }, open);
    asleep = new Promise((resolve) => {
      fallAsleep = resolve;
    });
  };
  const sleepNow = () => {
    for (const tab of tabs) tab.crash();
    tabs = [];
    fallAsleep();
  };
  const reload = () => {
    const tab = tabs.shift();
    tab?.crash();
    if (tab) tabs.push(open());
  };
  const anyTab = () => random.pick(tabs);

  /** Sends a creation once: it is there once if it was acknowledged, else once or not at all. */
  const writeOnce = async () => {
    const text = `${name}-${++notes}-once`;
    const { trpc } = anyTab();
    ledger.sent(text);
    await trpc.notes.create.mutate({ text });
    ledger.acknowledged(text);
  };

  /** Sends a creation under an id of its own until it is acknowledged. */
  const writeRepeatedly = async (until: AbortSignal) => {
    const text = `${name}-${++notes}-repeated`;
    const id = randomUUID();
    while (!until.aborted && tabs.length > 0) {
      ledger.sent(text);
      try {
        await anyTab().trpc.notes.create.mutate({ id, text });
        return ledger.acknowledged(text);
      } catch {
        await sleep(RETRY_MS);
      }
    }
  };

  const act = async (until: AbortSignal) => {
    const choice = random.next();
    if (choice < 0.4) await writeOnce();
    else if (choice < 0.75) await writeRepeatedly(until);
    else if (choice < 0.95) await anyTab().trpc.notes.list.query();
    else reload();
  };

  return {
    name,
    jar,
    wake,
    sleep: sleepNow,
    look() {
      isLooking = true;
    },
    async register() {
      wake();
      const { session } = anyTab();
      await session.register({
        username: name,
        email: `${name}@example.com`,
        password: `an unlikely sentence of ${randomUUID()}`,
        remember: true,
      });
    },
    async useApp(until) {
      while (!until.aborted) {
        await sleep(random.between(...PAUSE));
        // What fails in an outage is tried again at the next turn; the ledger knows what was acknowledged.
        // A call of a page that is gone may wait for ever.
        if (tabs.length > 0 && !until.aborted) await Promise.race([act(until).catch(() => {}), asleep]);
      }
    },
    isSignedOut: () => tabs[0] !== undefined && isOver(tabs[0].session.getSnapshot().status),
    async returns(timeoutMs) {
      sleepNow();
      wake();
      const deadline = performance.now() + timeoutMs;
      while (performance.now() < deadline) {
        const answer = await Promise.race([
          anyTab()
            .trpc.auth.me.query()
            .catch(() => undefined),
          sleep(timeoutMs),
        ]);
        if (answer?.username === name) return true;
        await sleep(RETRY_MS);
      }
      return false;
    },
  };
}
