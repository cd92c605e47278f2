import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserPage, openBrowserPage } from './browserPage.js';
import { createCookieJar } from './cookieJar.js';
import type { Ledger } from './ledger.js';
import type { Random } from './random.js';

/** The end of a session that no page asked for. */
export interface SignedOut {
  readonly person: string;
  readonly status: string;
  readonly reason?: string | undefined;
}

/** A person who keeps notes in a browser with one or two tabs. */
export type Person = ReturnType<typeof createPerson>;

export interface PersonOptions {
  readonly number: number;
  readonly url: string;
  readonly random: Random;
  readonly ledger: Ledger;
  /** The least and the longest pause between two actions, in milliseconds. */
  readonly pause: readonly [number, number];
  readonly onSignedOut: (event: SignedOut) => void;
}

const RETRY_MS = 300;

/** A page that is loaded after the end of its session has no cookie: it is anonymous. */
function isOver(status: string) {
  return status === 'ended' || status === 'anonymous';
}

/** Creates a person without an account. */
export function createPerson(options: PersonOptions) {
  const { number, url, random, ledger, onSignedOut } = options;
  const name = `person${number}`;
  const jar = createCookieJar();
  const tabCount = number % 4 === 0 ? 2 : 1;
  let tabs: BrowserPage[] = [];
  let notes = 0;
  // Most pages are in the background, as in real use. They renew when they are used.
  let isLooking = number % 8 === 0;
  let fallAsleep = () => {};
  let asleep = Promise.resolve();

  const open = () => {
    const page = openBrowserPage({
      url,
      jar,
      random,
      ip: `10.0.${Math.floor(number / 250)}.${(number % 250) + 1}`,
      // An app may handle an outage in either way.
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

  /** Sends a creation once. Acknowledged, it must be stored once; otherwise it may be missing. */
  const writeOnce = async () => {
    const text = `${name}-${++notes}-once`;
    const { trpc } = anyTab();
    ledger.sent(text);
    await trpc.notes.create.mutate({ text });
    ledger.acknowledged(text);
  };

  /** Sends a creation under its own id until it is acknowledged. */
  const writeRepeatedly = async (until: AbortSignal): Promise<void> => {
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
    /** Ends all pages at once, as a computer that is suspended. They send nothing until `wake`. */
    sleep: sleepNow,
    writeRepeatedly,
    /** Puts the pages in view. They then soon retry what failed. */
    look() {
      isLooking = true;
    },
    /** Opens the tabs and creates an account in the first one. */
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
    /** Writes, reads and reloads pages until the signal. */
    async useApp(until: AbortSignal) {
      while (!until.aborted) {
        await sleep(random.between(...options.pause));
        // Failures are expected in an outage; the ledger knows what was acknowledged. A call of a closed page may never end.
        if (tabs.length > 0 && !until.aborted) await Promise.race([act(until).catch(() => {}), asleep]);
      }
    },
    /** Whether the first tab shows the end of the session. */
    isSignedOut: () => tabs[0] !== undefined && isOver(tabs[0].session.getSnapshot().status),
    /** Opens the app once more and makes a call. Resolves to whether the person is still signed in. */
    async returns(timeoutMs: number) {
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
